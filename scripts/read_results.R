# SPDX-License-Identifier: GPL-3.0-or-later
# Reads a results file of Buyin in R: outcomes, pathway shares with 95 % intervals, and a plot of them.
#
#   Rscript scripts/read_results.R RESULT.h5 OUT.svg        (or OUT.png; without OUT: prints only)
#
# From R:  source("scripts/read_results.R"); pathway_shares(read_outcomes("results/study.h5"))
# Needs rhdf5 (Debian: r-bioc-rhdf5). R turns the order of dimensions round: a table that the file documents as
# (scenario, outcome) arrives as [outcome, scenario].

pathway_labels <- c(
  a_rapid = "a  rapid connection", b_anchored = "b  connection after anchoring",
  c_connecting_with = "c  connecting with, not to", own_support = "support of their own",
  disengaged = "dropped out", brief = "brief contact so far"
)
pathway_colours <- c("#0072B2", "#009E73", "#E69F00", "#56B4E9", "#D55E00", "#CC79A7") # Okabe and Ito

# Stops with one sentence, and exit status 2 when run as a command.
refuse <- function(...) {
  if (interactive()) stop(..., call. = FALSE)
  message("read_results.R: ", ...)
  quit(status = 2)
}

# Checks that a file is a complete Buyin result; gives its attributes.
check_result <- function(path) {
  if (!file.exists(path)) refuse(path, ": there is no such file")
  attributes <- tryCatch(suppressWarnings(rhdf5::h5readAttributes(path, "/")), error = function(e) NULL)
  if (is.null(attributes) || !identical(as.character(attributes$format), "buyin-results")) {
    refuse(path, ": not a results file of Buyin")
  }
  if (as.numeric(attributes$complete) != 1) refuse(path, ": the run that writes it has not finished")
  if (!is.null(attributes$part)) refuse(path, ": is a part: put the parts together with 'buyin merge'")
  attributes
}

# Every outcome: scenario, outcome, unit, mean, low, high (95 % interval of the mean over replicates).
read_outcomes <- function(path) {
  check_result(path)
  read <- function(name) rhdf5::h5read(path, paste0("/outcomes/", name))
  scenario <- as.character(read("scenario"))
  outcome <- as.character(read("outcome"))
  data.frame(
    scenario = rep(scenario, each = length(outcome)), outcome = rep(outcome, length(scenario)),
    unit = rep(as.character(read("unit")), length(scenario)),
    mean = as.vector(read("mean")), low = as.vector(read("low")), high = as.vector(read("high"))
  )
}

# Pathways of those who took up, in one scenario (default: the first): label, mean, low, high as shares of 1.
pathway_shares <- function(outcomes, scenario = outcomes$scenario[1], group = "all") {
  wanted <- paste("pathway_of_engaged", group, names(pathway_labels), sep = ".")
  rows <- outcomes[outcomes$scenario == scenario, ]
  rows <- rows[match(wanted, rows$outcome), ]
  data.frame(pathway = names(pathway_labels), label = unname(pathway_labels), rows[c("mean", "low", "high")],
             row.names = NULL)
}

# Draws the shares with their intervals to a .svg, .pdf or .png file.
plot_pathways <- function(shares, path) {
  ending <- tolower(tools::file_ext(path))
  if (!ending %in% c("svg", "pdf", "png")) refuse(path, ": the name has to end in .svg, .pdf or .png")
  switch(ending,
    svg = svg(path, width = 6, height = 3.2), pdf = pdf(path, width = 6, height = 3.2),
    png = png(path, width = 1800, height = 960, res = 300, type = "cairo"))
  on.exit(dev.off())
  par(mar = c(4.2, 14.5, 0.5, 2), las = 1, cex = 0.85)
  down <- rev(seq_len(nrow(shares)))
  top <- max(100 * c(shares$mean, shares$high), na.rm = TRUE)
  plot(100 * shares$mean, down, xlim = c(0, top * 1.1), ylim = c(0.5, nrow(shares) + 0.5), pch = 19,
       col = pathway_colours, yaxt = "n", ylab = "", xlab = "% of those who took up (95 % interval)", bty = "n")
  abline(v = axTicks(1), col = "#dddddd")
  segments(100 * shares$low, down, 100 * shares$high, down, col = pathway_colours, lwd = 2.5)
  points(100 * shares$mean, down, pch = 19, col = pathway_colours)
  axis(2, at = down, labels = shares$label, tick = FALSE)
}

main <- function(arguments) {
  if (length(arguments) < 1 || length(arguments) > 2) refuse("say RESULT.h5 and, for a plot, OUT.svg or OUT.png")
  if (!requireNamespace("rhdf5", quietly = TRUE)) refuse("rhdf5 is missing (Debian: apt-get install r-bioc-rhdf5)")
  shares <- pathway_shares(read_outcomes(arguments[1]))
  shown <- shares
  shown[c("mean", "low", "high")] <- round(100 * shown[c("mean", "low", "high")], 2)
  print(shown[c("label", "mean", "low", "high")], row.names = FALSE)
  if (length(arguments) == 2) plot_pathways(shares, arguments[2])
}

if (sys.nframe() == 0L) main(commandArgs(trailingOnly = TRUE))
