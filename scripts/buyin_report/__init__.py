# SPDX-License-Identifier: GPL-3.0-or-later
"""What the figures and the report of Buyin share: tables behind the figures, words, the page."""
