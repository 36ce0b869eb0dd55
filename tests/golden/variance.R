# Golden figures for sampling errors, from R's survey package:  Rscript variance.R variance.json
#
# 1. Its api data: apiclus1 raked to stype and sch.wide (the example of ?rake). The sample is
#    written as sums by district and raking cell, all that the linearised errors need.
# 2. A synthetic wave: respondents of organisations, of which some sent several; three margins; two
#    of them crossed; and the same unweighted, with organisations outside of the population as a
#    stratum of their own.
#
# Weights are raked by calibrate(calfun = "raking"), whose errors are exact. Those of rake() itself
# come from ten rounds of averages without the design weights: they agree where these are equal.
suppressPackageStartupMessages(library(survey))

number <- function(x) sprintf("%.17g", as.numeric(x))
array <- function(x) {
  text <- ifelse(is.na(x), "null", number(x))
  paste0("[", paste(text, collapse = ", "), "]")
}
rows <- function(m) paste0("[", paste(apply(as.matrix(m), 1, array), collapse = ",\n"), "]")
object <- function(...) {
  fields <- list(...)
  paste0("{", paste0('"', names(fields), '": ', unlist(fields), collapse = ",\n"), "}")
}
estimate <- function(x) object(value = array(coef(x)), se = array(SE(x)))

data(api)
margins <- c(`(Intercept)` = 6194, stypeH = 755, stypeM = 1018, sch.wideYes = 5122)
api.design <- svydesign(id = ~dnum, weights = ~pw, data = apiclus1, fpc = ~fpc)
api.raked <- calibrate(api.design, ~ stype + sch.wide, population = margins, calfun = "raking",
                       epsilon = 1e-14, maxit = 500)
populations <- list(data.frame(stype = c("E", "H", "M"), Freq = c(4421, 755, 1018)),
                    data.frame(sch.wide = c("No", "Yes"), Freq = c(1072, 5122)))
api.rake <- rake(api.design, list(~stype, ~sch.wide), populations,
                 control = list(maxit = 5000, epsilon = 1e-14 * 6194, verbose = FALSE))
apiclus1$raked <- weights(api.raked)
cells <- aggregate(cbind(n = 1, api00, enroll, api.stu, pw, raked) ~ stype + sch.wide + dnum,
                   apiclus1, sum)
api.json <- object(
  district = array(cells$dnum), stype = array(as.integer(cells$stype) - 1),
  wide = array(as.integer(cells$sch.wide) - 1), n = array(cells$n), api00 = array(cells$api00),
  enroll = array(cells$enroll), tested = array(cells$api.stu), base = array(cells$pw),
  raked = array(cells$raked), districts = number(apiclus1$fpc[1]),
  mean_api00 = estimate(svymean(~api00, api.raked)),
  total_enroll = estimate(svytotal(~enroll, api.raked)),
  ratio = estimate(svyratio(~api.stu, ~enroll, api.raked)),
  rake_mean_api00 = estimate(svymean(~api00, api.rake))
)

set.seed(2018)
N <- 190
organisations <- 110
region <- sample(4, organisations, TRUE, c(.2, .25, .3, .25))
type <- ifelse(region == 1, 1, sample(2:4, organisations, TRUE))
size <- sample(3, organisations, TRUE, c(.5, .35, .15))
outside <- rep(FALSE, organisations)
outside[sample(organisations, 12)] <- TRUE
org <- rep(seq_len(organisations), sample(4, organisations, TRUE, c(.6, .2, .15, .05)))
n <- length(org)
leaning <- rnorm(organisations)[org] + rnorm(n)
wave <- data.frame(org, region = factor(region[org]), type = factor(type[org]),
                   size = factor(size[org]), outside = outside[org],
                   base = 1 / tabulate(org)[org], role = sample(c(1:3, NA), n, TRUE))
wave$q <- ifelse(runif(n) < .08, NA, pmin(5, pmax(1, round(3 + leaning + .4 * (wave$role %in% 2)))))
wave$hours <- ifelse(runif(n) < .1, NA, round(exp(1 + .5 * leaning), 1))
wave$people <- sample(20, n, TRUE)
wave$N <- N
# Raked designs keep the rows that a subset leaves out, at weight 0; their values must be numbers.
filled <- function(wave) {
  for (name in c("q", "role", "hours")) {
    wave[[paste0("has.", name)]] <- !is.na(wave[[name]])
    wave[[paste0("raw.", name)]] <- wave[[name]]
    wave[[name]][is.na(wave[[name]])] <- 1
  }
  wave
}
wave <- filled(wave)
total <- sum(wave$base)
shares <- list(region = c(.24, .22, .27, .27), type = c(.24, .26, .26, .24),
               size = c(.45, .35, .2))
population <- c(`(Intercept)` = total, total * setNames(shares$region[-1], paste0("region", 2:4)),
                total * setNames(shares$type[-1], paste0("type", 2:4)),
                total * setNames(shares$size[-1], paste0("size", 2:3)))

logit <- function(design) {
  t(sapply(1:5, function(k) {
    # "xlogit" is the interval of "logit" in closed form; the latter is fitted, to 1e-8.
    found <- eval(bquote(svyciprop(~I(q == .(k)), design, method = "xlogit", df = degf(design))))
    as.numeric(attr(found, "ci"))
  }))
}
# Shares by group with their covariance, from totals: svyby's covmat fails on raked subsets.
by.group <- function(design, group, groups) {
  frame <- model.frame(design)
  pairs <- expand.grid(k = 1:5, g = groups)
  indicators <- mapply(function(k, g) {
    as.numeric(frame$has.q & frame$has.role & group == g & frame$q == k)
  }, pairs$k, pairs$g)
  totals <- svytotal(indicators, design)
  base <- tapply(coef(totals), pairs$g, sum)[as.character(pairs$g)]
  value <- coef(totals) / base
  jacobian <- diag(1 / as.numeric(base)) -
    outer(seq_along(value), seq_along(value), function(a, b) {
      ifelse(pairs$g[a] == pairs$g[b], value[a] / base[a], 0)
    })
  list(value = value, covariance = jacobian %*% vcov(totals) %*% t(jacobian))
}
figures <- function(design) {
  answered <- subset(design, has.q)
  role <- model.frame(design)$role
  by <- by.group(design, role, 1:3)
  rest <- by.group(design, ifelse(role == 2, 2, 1), c(2, 1))
  contrast <- cbind(diag(5), -diag(5))
  chi <- svychisq(~q + role, subset(design, has.q & has.role))
  with.hours <- subset(design, has.hours)
  median <- svyquantile(~hours, with.hours, .5, qrule = "school", df = degf(with.hours))$hours
  second <- subset(answered, has.role & role == 2)
  object(
    share = estimate(svymean(~factor(q), answered)), interval = rows(logit(answered)),
    degf = number(degf(answered)),
    role = object(value = array(by$value), covariance = rows(by$covariance)),
    role2 = object(interval = rows(logit(second)), degf = number(degf(second))),
    rest = object(value = array(contrast %*% rest$value),
                  se = array(sqrt(diag(contrast %*% rest$covariance %*% t(contrast))))),
    mean = estimate(svymean(~hours, with.hours)),
    ratio = estimate(svyratio(~hours, ~people, with.hours)),
    total = estimate(svytotal(~hours, with.hours)),
    median = object(value = number(median[1]), interval = array(median[2:3]),
                    se = number(median[4])),
    chi = object(f = number(chi$statistic), df = array(chi$parameter), p = number(chi$p.value))
  )
}
raked <- function(fpc) {
  design <- svydesign(ids = ~org, weights = ~base, data = wave, fpc = fpc)
  calibrate(design, ~ region + type + size, population = population, calfun = "raking",
            epsilon = 1e-14, maxit = 500)
}
with.fpc <- raked(~N)
without <- raked(NULL)
plain <- svydesign(ids = ~org, weights = ~base, data = wave)
effect <- deff(svymean(~factor(q), subset(plain, has.q), deff = "replace"))
wave$limit <- ifelse(wave$outside, Inf, N)
unweighted <- svydesign(ids = ~org, strata = ~outside, weights = rep(1, n), data = wave,
                        fpc = ~limit)

# Raked to the region and to a crossed margin, type by size. Rows of the crossed shares add up to the
# type's.
cells <- outer(1:4, 1:3, function(t, s) shares$size[s] * (1 + .1 * sin(3 * t + s)))
cells <- shares$type * cells / rowSums(cells)
wave$cell <- factor(3 * (as.integer(wave$type) - 1) + as.integer(wave$size), levels = 1:12)
crossed <- calibrate(
  svydesign(ids = ~org, weights = ~base, data = wave, fpc = ~N), ~ region + cell,
  population = c(`(Intercept)` = total,
                 total * setNames(shares$region[-1], paste0("region", 2:4)),
                 total * setNames(as.numeric(t(cells))[-1], paste0("cell", 2:12))),
  calfun = "raking", epsilon = 1e-14, maxit = 500)

# A panel: the same organisations a wave later. Stacked, they are clusters of both waves.
later <- wave
later$q <- pmin(5, pmax(1, round(3.2 + .7 * leaning + rnorm(n))))
later$has.q <- runif(n) > .08
panel <- rbind(cbind(wave, wave.no = 1), cbind(later, wave.no = 2))
stacked <- svydesign(ids = ~org, weights = ~base, data = panel, fpc = ~N)
by.wave <- svyby(~I(as.numeric(q >= 4)), ~wave.no, subset(stacked, has.q), svymean,
                 covmat = TRUE)
change <- svycontrast(by.wave, c(-1, 1))

writeLines(object(
  R = paste0('"', R.version$major, ".", R.version$minor, '"'),
  survey = paste0('"', packageVersion("survey"), '"'),
  api = api.json,
  wave = object(
    population = number(N), org = array(wave$org), region = array(as.integer(wave$region)),
    type = array(as.integer(wave$type)), size = array(as.integer(wave$size)),
    outside = array(wave$outside), base = array(wave$base), weight = array(weights(with.fpc)),
    role = array(wave$raw.role), q = array(wave$raw.q), hours = array(wave$raw.hours),
    people = array(wave$people), later = array(ifelse(later$has.q, later$q, NA))),
  crossed = object(region = array(shares$region), cells = array(t(cells)),
                   weight = array(weights(crossed)), figures = figures(crossed)),
  with_correction = figures(with.fpc), without_correction = figures(without),
  unweighted = figures(unweighted), deff = array(effect), change = estimate(change)
), commandArgs(trailingOnly = TRUE)[1])
