#!/usr/bin/env Rscript
# SPDX-License-Identifier: GPL-3.0-or-later
# Fits the people of `buyin pathways --people` with nnet::multinom; prints coefficients and standard
# errors as a table: those of the model for one replicate, else a sandwich clustered by replicate
# from multinom's own covariances and fitted probabilities. Argument: the table.

library(nnet)

people <- read.csv(commandArgs(trailingOnly = TRUE)[1])
classes <- c("a_rapid", "b_anchored", "c_connecting_with", "own_support", "disengaged")
people <- people[people$pathway %in% classes, ]
people$pathway <- factor(people$pathway, levels = classes)
people$decades <- (people$age - 50) / 10
people$quintile <- people$quintile - 3

fit <- multinom(
  pathway ~ woman + decades + quintile + carer + language + transport + housing + health,
  data = people, maxit = 2000, reltol = 1e-15, abstol = 1e-12, trace = FALSE, Hess = TRUE
)
coefficients <- coef(fit)
errors <- summary(fit)$standard.errors
replicates <- length(unique(people$replicate))
if (replicates > 1) {
  covariates <- model.matrix(fit)
  residuals <- outer(as.integer(people$pathway), seq_along(classes), "==") - fitted(fit)
  scores <- do.call(cbind, lapply(seq_along(classes)[-1], function(k) covariates * residuals[, k]))
  scores <- rowsum(scores, people$replicate)
  bread <- vcov(fit) # pathway by pathway, in the order of the scores
  sandwich <- bread %*% crossprod(scores) %*% bread * replicates / (replicates - 1)
  errors[] <- matrix(sqrt(diag(sandwich)), nrow = nrow(coefficients), byrow = TRUE)
}
cat("pathway,column,coefficient,standard_error\n")
for (pathway in rownames(coefficients)) {
  for (column in colnames(coefficients)) {
    name <- if (column == "(Intercept)") "intercept" else column
    cat(sprintf("%s,%s,%.12g,%.12g\n", pathway, name, coefficients[pathway, column],
                errors[pathway, column]))
  }
}
