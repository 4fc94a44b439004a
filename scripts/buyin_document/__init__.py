# SPDX-License-Identifier: GPL-3.0-or-later
"""Reporting standards, filled from results files."""
