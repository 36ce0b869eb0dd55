# Golden figures for raking, from R's survey package:  Rscript raking.R raking.json
#
# 1. Its api data: apiclus1 raked to stype and sch.wide (the example of ?rake). The sample is
#    written as counts by cell, all that raking and a mean need.
# 2. A synthetic wave with three margins, of which two share a category (London the region and
#    London borough the type are the same organisations).
suppressPackageStartupMessages(library(survey))

number <- function(x) sprintf("%.17g", as.numeric(x))
array <- function(x) paste0("[", paste(number(x), collapse = ", "), "]")
strings <- function(x) paste0("[", paste0('"', x, '"', collapse = ", "), "]")
object <- function(...) {
  fields <- list(...)
  paste0("{", paste0('"', names(fields), '": ', unlist(fields), collapse = ",\n"), "}")
}
margin <- function(factor, targets) {
  object(categories = strings(levels(factor)), codes = array(as.integer(factor) - 1),
         targets = array(targets))
}
# rake() stops on the absolute change of a table, so epsilon is scaled to the total.
tightly <- function(total) list(maxit = 5000, epsilon = 1e-14 * total, verbose = FALSE)

data(api)
stype <- c(E = 4421, H = 755, M = 1018)
schwide <- c(No = 1072, Yes = 5122)
design <- svydesign(id = ~dnum, weights = ~pw, data = apiclus1, fpc = ~fpc)
populations <- list(data.frame(stype = names(stype), Freq = stype),
                    data.frame(sch.wide = names(schwide), Freq = schwide))
raked.api <- rake(design, list(~stype, ~sch.wide), populations,
                  control = tightly(sum(stype)))
apiclus1$raked <- weights(raked.api)
cells <- aggregate(cbind(n = 1, api00, enroll, pw, raked) ~ stype + sch.wide, apiclus1, sum)
api.json <- object(
  n = array(cells$n), api00 = array(cells$api00), enroll = array(cells$enroll),
  base = array(cells$pw),
  margins = paste0("[", margin(cells$stype, stype), ",\n", margin(cells$sch.wide, schwide), "]"),
  raked = array(cells$raked),
  mean_api00 = number(coef(svymean(~api00, raked.api))),
  total_enroll = number(coef(svytotal(~enroll, raked.api)))
)

set.seed(2017)
n <- 240
region <- factor(sample(c("London", "North", "Midlands", "South"), n, TRUE, c(.2, .25, .3, .25)),
                 levels = c("London", "North", "Midlands", "South"))
type <- factor(ifelse(region == "London", "London borough",
                      sample(c("County", "Unitary", "Metropolitan"), n, TRUE, c(.35, .35, .3))),
               levels = c("London borough", "County", "Unitary", "Metropolitan"))
size <- factor(sample(c("Small", "Medium", "Large"), n, TRUE, c(.5, .35, .15)),
               levels = c("Small", "Medium", "Large"))
wave <- data.frame(region, type, size, base = 1 / sample(3, n, TRUE))
total <- sum(wave$base)
shares <- list(region = c(.30, .22, .20, .28), type = c(.30, .16, .30, .24),
               size = c(.30, .42, .28))
targets <- lapply(shares, function(share) share * total)
design <- svydesign(id = ~1, weights = ~base, data = wave)
frequencies <- function(name) {
  setNames(data.frame(levels(wave[[name]]), targets[[name]]), c(name, "Freq"))
}
uncapped <- weights(rake(design, list(~region, ~type, ~size),
                         lapply(names(shares), frequencies), control = tightly(total)))
totals <- c(total, targets$region[-1], targets$type[-1], targets$size[-1])
names(totals) <- colnames(model.matrix(~ region + type + size, wave))
capped <- function(bounds, calfun) {
  weights(calibrate(design, ~ region + type + size, population = totals, calfun = calfun,
                    bounds = bounds, epsilon = 1e-14, maxit = 1000))
}
# The package's own "raking" takes bounds for limits of u rather than of exp(u) in its derivative
# (survey 4.1-1), and Newton's method then cycles on tight bounds. Mended, it reaches them too.
mended <- make.calfun(
  Fm1 = function(u, bounds) pmin(pmax(exp(u), bounds$lower), bounds$upper) - 1,
  dF = function(u, bounds) ifelse(exp(u) < bounds$upper & exp(u) > bounds$lower, exp(u), 0),
  name = "raking within bounds")
wide <- c(0.3, 3)
tight <- c(0.3, 2.5)
figures <- list(list(wide, capped(wide, "raking")), list(tight, capped(tight, mended)))
for (figure in figures) for (bound in figure[[1]]) {
  stopifnot(any(abs(figure[[2]] / wave$base - bound) < 1e-9))
}
wave.json <- object(
  base = array(wave$base),
  margins = paste0("[", paste(mapply(function(name) margin(wave[[name]], targets[[name]]),
                                     names(shares)), collapse = ",\n"), "]"),
  uncapped = array(uncapped),
  capped = paste0("[", paste(sapply(figures, function(figure) {
    object(bounds = array(figure[[1]]), weights = array(figure[[2]]))
  }), collapse = ",\n"), "]")
)

writeLines(object(
  R = paste0('"', R.version$major, ".", R.version$minor, '"'),
  survey = paste0('"', packageVersion("survey"), '"'),
  api = api.json, wave = wave.json
), commandArgs(trailingOnly = TRUE)[1])
