-- Charts: read, measured, and put into the page.

local deck = require("dialect")
local has, raw = deck.has, deck.raw

local M = {}

local charts = {} -- path -> svg text, width and height in px

function M.of(block)
  if (block.t == "Para" or block.t == "Plain") and #block.content == 1 then
    local image = block.content[1]
    if image.t == "Image" and has(image, "chart") then
      return image
    end
  end
  return nil
end

local function read_chart(image)
  local path = image.src
  if charts[path] == nil then
    local handle = io.open(path, "rb")
    if handle == nil then
      deck.fail("the chart '" .. path .. "' does not exist")
    end
    local svg = handle:read("a")
    handle:close()
    local root = svg:match("<svg[^>]*>")
    if root == nil then
      deck.fail("the chart '" .. path .. "' is not an SVG file")
    end
    -- a chart becomes part of the page, and the page's own scripts are allowed to run
    local lower = svg:lower()
    if lower:find("<script") or lower:find("%son%a+%s*=") or lower:find("javascript:") then
      deck.fail("the chart '" .. path .. "' holds a script")
    end
    local width = tonumber(root:match('%swidth="([%d.]+)p?x?"'))
    local height = tonumber(root:match('%sheight="([%d.]+)p?x?"'))
    if width == nil or height == nil then
      deck.fail("the chart '" .. path .. "' has no width and height in px")
    end
    charts[path] = { svg = svg, width = width, height = height }
  end
  return charts[path]
end

function M.size(image, width, scale)
  local chart = read_chart(image)
  local shown = math.min(chart.width, width) * scale
  return shown, chart.height * shown / chart.width
end

function M.alt_text(image)
  local alt = image.attributes["fig-alt"] or image.attributes["alt"]
  if alt == nil or alt:match("^%s*$") then
    deck.fail("the picture '" .. image.src .. "' has no alt text (fig-alt)")
  end
  return alt
end

-- The SVG as part of the page: its ids are made unique by the name of the exhibit.
local function inline_svg(image, width, height)
  local name = image.attributes["data-exhibit"] or image.src:match("([^/]+)%.svg$")
  local prefix = name .. "-"
  local function unique(id)
    return id:sub(1, #prefix) == prefix and id or prefix .. id
  end
  local svg = read_chart(image).svg:match("<svg.*</svg>")
  svg = svg:gsub("<metadata>.-</metadata>%s*", "")
  svg = svg:gsub('(%sid=")([^"]+)"', function(start, id) return start .. unique(id) .. '"' end)
  svg = svg:gsub('(url%(#)([^)]+)%)', function(start, id) return start .. unique(id) .. ")" end)
  svg = svg:gsub('(href="#)([^"]+)"', function(start, id) return start .. unique(id) .. '"' end)
  return (svg:gsub("^<svg[^>]*>", function(root)
    for _, attribute in ipairs({ "width", "height", "role", "aria%-label", "aria%-labelledby", "aria%-describedby" }) do
      root = root:gsub("%s" .. attribute .. '="[^"]*"', "")
    end
    return (root:gsub("^<svg", function()
      return string.format(
        '<svg role="group" aria-label="%s" width="%.6g" height="%.6g"', deck.escape_html(M.alt_text(image)), width, height
      )
    end))
  end))
end

-- `row`: the label of the chart's row in the annex, if it has one.
function M.blocks(image, width, height, row)
  if deck.IS_TYPST then
    return { raw(string.format(
      "#chart(%s, alt: %s, width: %.6g, height: %.6g, to: %s)",
      deck.typst_string(image.src), deck.typst_string(M.alt_text(image)), width, height,
      row and deck.typst_string(row) or "none"
    )) }
  end
  local exhibit = image.attributes["data-exhibit"]
  local data = exhibit and ' data-exhibit="' .. deck.escape_html(exhibit) .. '"' or ""
  return { raw('<div class="chart"' .. data .. ">" .. inline_svg(image, width, height) .. "</div>") }
end

return M
