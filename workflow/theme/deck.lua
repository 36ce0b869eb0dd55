-- Turns the slide dialect (see README.md in this folder) into HTML or Typst, for pandoc and Quarto.
-- It also fits each slide: text is measured with the widths of the typeface, and the largest sizes
-- that fit the slide are chosen, the same for both formats. What cannot fit is an error, by name.

local IS_TYPST = FORMAT == "typst"
local RAW = IS_TYPST and "typst" or "html"

-- The slide, in CSS px (a Typst page is the same at 0.75 pt a px). deck.css and
-- typst-template.typ hold the same figures.
local CONTENT_WIDTH = 1160
local TOP = 44 -- above the title
local BOTTOM = 658 -- where the text ends, above the footer
local GAP = 16 -- between blocks
local COLUMN_GAP = 40
local TITLE = { size = 38, line = 1.16, weight = 1.04, below = 20 }
local LEAD = { size = 24, line = 1.35, weight = 1.02 }
local SUBHEADING = { size = 21, line = 1.3, weight = 1.04 }
local BASE = { size = 15, line = 1.35 }
local DISCLOSURE = { size = 16, line = 1.4 }
local ATTRIBUTION = { size = 15, line = 1.35 }
local COMMENT = { line = 1.35, left = 22, right = 20, above = 16, below = 16, gap = 20, inner = 8 }
local LIST = { indent = 26, gap = 9 }
local TABLE = { line = 1.3, above = 6, below = 6, side = 12 }
local CONTENTS = { size = 21, line = 1.3, gap = 10, number = 54, indent = 24 }

local TEXT_SIZES = { 22, 21, 20, 19, 18 }
-- a slide of nothing but text is set larger, in lines of a readable length
local TEXT_ONLY_SIZES = { 28, 27, 26, 25, 24, 23, 22, 21, 20, 19, 18 }
local TEXT_ONLY_WIDTH = 1080
local COMMENT_SIZES = { 20, 19, 18, 17, 16 }
local COMMENT_ONLY_SIZES = { 22, 21, 20, 19, 18, 17, 16 } -- a slide of nothing but comments
local TABLE_SIZES = { 20, 19, 18, 17, 16, 15 }
local CHART_SCALES = { 1, 0.95, 0.9, 0.85 }
local KINDS = { "opening", "contents", "divider", "closing" }
local DARK = { opening = "#12436D", divider = "#12436D" }
local PALE = { closing = "#F0F4F8" }

-- Advance widths of Source Sans Pro regular, ASCII 32 to 126, in 1/2048 em.
local WIDTHS = {
  413, 591, 870, 1017, 1017, 1687, 1247, 509, 620, 620, 856, 1017, 509, 636, 509, 716, 1017, 1017,
  1017, 1017, 1017, 1017, 1017, 1017, 1017, 1017, 509, 509, 1017, 1017, 1017, 870, 1734, 1114, 1204,
  1169, 1259, 1079, 1011, 1263, 1335, 538, 983, 1185, 995, 1488, 1325, 1359, 1179, 1359, 1189, 1093,
  1097, 1320, 1054, 1609, 1050, 974, 1103, 620, 716, 620, 1017, 1024, 1110, 1048, 1136, 933, 1136,
  1015, 598, 1032, 1114, 503, 505, 1013, 522, 1697, 1120, 1110, 1136, 1126, 710, 858, 692, 1114, 956,
  1470, 913, 956, 870, 620, 493, 620, 1017,
}
local OTHER_WIDTH = 1110 -- accented letters, quotes and dashes, on the wide side
local SAFETY = 1.02

-- Small tools ---------------------------------------------------------------------------------

local slide_name = "the deck" -- for messages

local function fail(message)
  error("deck.qmd, " .. slide_name .. ": " .. message, 0)
end

local function raw(text)
  return pandoc.RawBlock(RAW, text)
end

local function raw_inline(text)
  return pandoc.RawInline(RAW, text)
end

local function has(element, class)
  return element.classes ~= nil and element.classes:includes(class)
end

local function escape_html(text)
  return (text:gsub('[&<>"]', { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;", ['"'] = "&quot;" }))
end

local function typst_string(text)
  return '"' .. text:gsub("[\\\"]", "\\%0"):gsub("%s+", " ") .. '"'
end

-- Measuring -----------------------------------------------------------------------------------

local function text_width(text, size)
  local total = 0
  for _, code in utf8.codes(text) do
    total = total + (WIDTHS[code - 31] or (code == 160 and WIDTHS[1]) or OTHER_WIDTH)
  end
  return total / 2048 * size
end

-- Lines that `text` takes when it is broken at spaces within `width`.
local function line_count(text, width, size, weight)
  local scale = (weight or 1) * SAFETY
  local space = text_width(" ", size) * scale
  local lines, used = 1, 0
  for word in text:gmatch("%S+") do
    local length = text_width(word, size) * scale
    if used > 0 and used + space + length > width then
      lines, used = lines + 1, 0
    end
    if length > width then -- a word longer than the line is broken inside
      lines = lines + math.floor(length / width)
      length = length % width
    end
    used = used + (used > 0 and space or 0) + length
  end
  return lines
end

local function inline_height(inlines, width, style, size)
  size = size or style.size
  local text = pandoc.utils.stringify(inlines)
  return line_count(text, width, size, style.weight) * size * style.line
end

-- Charts --------------------------------------------------------------------------------------

local charts = {} -- path -> svg text, width and height in px

local function chart_of(block)
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
      fail("the chart '" .. path .. "' does not exist")
    end
    local svg = handle:read("a")
    handle:close()
    local root = svg:match("<svg[^>]*>")
    if root == nil then
      fail("the chart '" .. path .. "' is not an SVG file")
    end
    -- a chart becomes part of the page, and the page's own scripts are allowed to run
    local lower = svg:lower()
    if lower:find("<script") or lower:find("%son%a+%s*=") or lower:find("javascript:") then
      fail("the chart '" .. path .. "' holds a script")
    end
    local width = tonumber(root:match('%swidth="([%d.]+)p?x?"'))
    local height = tonumber(root:match('%sheight="([%d.]+)p?x?"'))
    if width == nil or height == nil then
      fail("the chart '" .. path .. "' has no width and height in px")
    end
    charts[path] = { svg = svg, width = width, height = height }
  end
  return charts[path]
end

local function chart_size(image, width, scale)
  local chart = read_chart(image)
  local shown = math.min(chart.width, width) * scale
  return shown, chart.height * shown / chart.width
end

local function alt_text(image)
  local alt = image.attributes["fig-alt"] or image.attributes["alt"]
  if alt == nil or alt:match("^%s*$") then
    fail("the picture '" .. image.src .. "' has no alt text (fig-alt)")
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
        '<svg role="img" aria-label="%s" width="%.6g" height="%.6g"', escape_html(alt_text(image)), width, height
      )
    end))
  end))
end

local function chart_blocks(image, width, height)
  if IS_TYPST then
    return { raw(string.format(
      "#chart(%s, alt: %s, width: %.6g, height: %.6g)",
      typst_string(image.src), typst_string(alt_text(image)), width, height
    )) }
  end
  local exhibit = image.attributes["data-exhibit"]
  local data = exhibit and ' data-exhibit="' .. escape_html(exhibit) .. '"' or ""
  return { raw('<div class="chart"' .. data .. ">" .. inline_svg(image, width, height) .. "</div>") }
end

-- Comments ------------------------------------------------------------------------------------

-- A comment Div holds a block quote and a paragraph with the attribution.
local function comment_parts(div)
  local quote, attribution = nil, nil
  for _, block in ipairs(div.content) do
    if block.t == "BlockQuote" then
      quote = block
    elseif block.t == "Para" or block.t == "Plain" then
      attribution = block.content
      if #attribution == 1 and attribution[1].t == "Span" then
        attribution = attribution[1].content
      end
    end
  end
  if quote == nil then
    fail("a comment holds no quotation (a line that begins with '> ')")
  end
  return quote, attribution
end

local function comment_height(div, width, size)
  local quote, attribution = comment_parts(div)
  local inner = width - COMMENT.left - COMMENT.right
  local height = COMMENT.above + COMMENT.below
  for _, block in ipairs(quote.content) do
    height = height + inline_height(block.content, inner, COMMENT, size)
  end
  height = height + (#quote.content - 1) * COMMENT.inner
  if attribution then
    height = height + COMMENT.inner + inline_height(attribution, inner, ATTRIBUTION)
  end
  return height
end

-- Splits heights, in order, over `columns` so that the tallest column is least tall.
-- Returns the tallest and shortest column and the number of entries in each.
local function split(heights, columns, gap)
  local best = nil
  local function try(start, left, counts, tallest, shortest)
    if left == 1 then
      local sum = -gap
      for index = start, #heights do
        sum = sum + heights[index] + gap
      end
      tallest, shortest = math.max(tallest, sum), math.min(shortest, sum)
      -- of two splits with one tallest column, the more even one
      if best == nil or tallest < best.tallest - 0.01
        or (tallest < best.tallest + 0.01 and shortest > best.shortest) then
        best = { tallest = tallest, shortest = shortest, counts = { table.unpack(counts) } }
        table.insert(best.counts, #heights - start + 1)
      end
      return
    end
    local sum = -gap
    for index = start, #heights - left + 1 do
      sum = sum + heights[index] + gap
      counts[#counts + 1] = index - start + 1
      try(index + 1, left - 1, counts, math.max(tallest, sum), math.min(shortest, sum))
      counts[#counts] = nil
    end
  end
  try(1, columns, {}, 0, math.huge)
  return best
end

-- Columns for comments: few, of a readable measure, as even as the comments allow.
local function arrange(comments, width, size)
  local best = nil
  for columns = 1, math.min(#comments, 3) do
    local column_width = (width - (columns - 1) * COMMENT.gap) / columns
    local heights = {}
    for index, comment in ipairs(comments) do
      heights[index] = comment_height(comment, column_width, size)
    end
    local found = split(heights, columns, COMMENT.gap)
    local characters = column_width / (0.47 * size)
    local measure = math.max(0, characters - 80) * 6 + math.max(0, 30 - characters) * 20
    local score = found.tallest + 0.3 * (found.tallest - found.shortest) + measure
    if best == nil or score < best.score then
      best = { score = score, height = found.tallest, counts = found.counts, size = size }
    end
  end
  return best
end

local function comment_blocks(div, width, size)
  local arrangement = arrange(div.content, width, size)
  -- one comment a column: cards of one height
  local even = #arrangement.counts == #div.content
  local blocks = pandoc.List({})
  local index = 0
  if IS_TYPST then
    blocks:insert(raw(string.format("#comments(size: %d, even: %s)[", size, even)))
  else
    blocks:insert(raw(string.format('<div class="comments size-%d%s">', size, even and " even" or "")))
  end
  for column, count in ipairs(arrangement.counts) do
    if not IS_TYPST then
      blocks:insert(raw('<div class="comments-column">'))
    elseif column > 1 then
      blocks:insert(raw("]["))
    end
    for _ = 1, count do
      index = index + 1
      local quote, attribution = comment_parts(div.content[index])
      if IS_TYPST then
        blocks:insert(raw(string.format("#comment(even: %s)[", even)))
        blocks:extend(quote.content)
        blocks:insert(raw("][" ))
        blocks:insert(pandoc.Plain(attribution or {}))
        blocks:insert(raw("]"))
      else
        blocks:insert(raw('<figure class="comment"><blockquote>'))
        blocks:extend(quote.content)
        blocks:insert(raw("</blockquote>"))
        if attribution then
          blocks:insert(raw('<figcaption class="attribution">'))
          blocks:insert(pandoc.Plain(attribution))
          blocks:insert(raw("</figcaption>"))
        end
        blocks:insert(raw("</figure>"))
      end
    end
    if not IS_TYPST then
      blocks:insert(raw("</div>"))
    end
  end
  blocks:insert(raw(IS_TYPST and "]" or "</div>"))
  return blocks
end

-- Tables --------------------------------------------------------------------------------------

local function table_rows(block)
  local rows = { head = {}, body = {} }
  for _, row in ipairs(block.head.rows) do
    table.insert(rows.head, row.cells)
  end
  for _, body in ipairs(block.bodies) do
    for _, row in ipairs(body.body) do
      table.insert(rows.body, row.cells)
    end
  end
  return rows
end

-- Column widths from what the cells hold: the body on one line where that fits, headings broken as
-- needed, and what is left shared out up to a distance that the eye can follow. Also returns whether
-- the body fits on one line.
local function table_widths(block, width, size)
  local rows = table_rows(block)
  local function cell_width(text)
    return text_width(text, size) * 1.06 + 2 * TABLE.side
  end
  local wanted, least, heading, count = {}, {}, {}, #block.colspecs
  for column = 1, count do
    wanted[column], least[column], heading[column] = 0, 0, 0
  end
  for part, list in pairs(rows) do
    for _, cells in ipairs(list) do
      for column, cell in ipairs(cells) do
        local text = pandoc.utils.stringify(cell.contents)
        if part == "body" then
          wanted[column] = math.max(wanted[column], cell_width(text))
        else
          heading[column] = math.max(heading[column], cell_width(text))
        end
        for word in text:gmatch("%S+") do
          least[column] = math.max(least[column], cell_width(word))
        end
      end
    end
  end
  local sum, short = 0, 0
  for column = 1, count do
    wanted[column] = math.max(wanted[column], least[column])
    sum = sum + wanted[column]
    short = short + math.max(0, heading[column] - wanted[column])
  end
  if sum <= width then
    local given = math.min(1, short > 0 and (width - sum) / short or 0)
    for column = 1, count do
      wanted[column] = wanted[column] + given * math.max(0, heading[column] - wanted[column])
    end
    local spare = math.min(width - sum - given * short, 200 + 60 * count)
    for column = 1, count do
      local share = count == 1 and 0 or column == 1 and 0.4 or 0.6 / (count - 1)
      wanted[column] = wanted[column] + spare * share
    end
    return wanted, true
  end
  -- the body does not fit on one line: the wide columns give way
  local fixed, loose = 0, 0
  for column = 1, count do
    least[column] = math.max(least[column], math.min(wanted[column], width / count * 0.6))
    fixed = fixed + least[column]
    loose = loose + wanted[column] - least[column]
  end
  for column = 1, count do
    local share = (wanted[column] - least[column]) / math.max(1, loose)
    wanted[column] = least[column] + (width - fixed) * share
  end
  return wanted, false
end

-- At most `largest`, smaller where that keeps the rows of the body on one line.
local function table_size(block, width, largest)
  for size = largest, math.min(largest, 16), -1 do
    local _, one_line = table_widths(block, width, size)
    if one_line then
      return size
    end
  end
  return largest
end

local function row_height(cells, widths, size)
  local lines = 1
  for column, cell in ipairs(cells) do
    local text = pandoc.utils.stringify(cell.contents)
    lines = math.max(lines, line_count(text, widths[column] - 2 * TABLE.side, size, 1.03))
  end
  return lines * size * TABLE.line + TABLE.above + TABLE.below + 1
end

local function table_height(block, width, largest)
  local size = table_size(block, width, largest)
  local widths = table_widths(block, width, size)
  local rows = table_rows(block)
  local height = 0
  for _, part in ipairs({ "head", "body" }) do
    for _, cells in ipairs(rows[part]) do
      height = height + row_height(cells, widths, size)
    end
  end
  return height
end

local function cell_typst(cell)
  local text = pandoc.write(pandoc.Pandoc(cell.contents), "typst")
  return "[" .. text:gsub("^%s+", ""):gsub("%s+$", "") .. "]"
end

local ALIGNMENTS = { AlignLeft = "left", AlignRight = "right", AlignCenter = "center", AlignDefault = "left" }

local function table_blocks(block, width, largest)
  local size = table_size(block, width, largest)
  local widths = table_widths(block, width, size)
  if not IS_TYPST then
    -- pandoc's own column widths are whole percentages, too coarse for columns that just fit
    local sum, style = 0, ""
    for column, spec in ipairs(block.colspecs) do
      block.colspecs[column] = { spec[1], nil }
      sum = sum + widths[column]
      style = style .. string.format("--column-%d: %.6gpx; ", column, widths[column])
    end
    return {
      raw(string.format('<div class="table size-%d" style="%swidth: %.6gpx">', size, style, sum)),
      block, raw("</div>"),
    }
  end
  local columns, alignments, head, body = {}, {}, {}, {}
  for column, spec in ipairs(block.colspecs) do
    columns[column] = string.format("%.6g", widths[column])
    alignments[column] = ALIGNMENTS[spec[1]]
  end
  local rows = table_rows(block)
  for _, cells in ipairs(rows.head) do
    for _, cell in ipairs(cells) do
      table.insert(head, cell_typst(cell))
    end
  end
  for _, cells in ipairs(rows.body) do
    for _, cell in ipairs(cells) do
      table.insert(body, cell_typst(cell))
    end
  end
  return { raw(string.format(
    "#deck-table(size: %d, widths: (%s,), alignments: (%s,), head: (%s,),\n%s)",
    size, table.concat(columns, ", "), table.concat(alignments, ", "), table.concat(head, ", "),
    table.concat(body, ", ")
  )) }
end

-- Heights of blocks ---------------------------------------------------------------------------

-- `sizes` = text, comment and table sizes in px, and the scale of charts
local blocks_height

local function column_width(column, columns, width)
  local count, share, total = 0, nil, 0
  for _, other in ipairs(columns.content) do
    local percent = tonumber((other.attributes.width or ""):match("^([%d.]+)%%$")) or 100 / #columns.content
    count, total = count + 1, total + percent
    if other == column then
      share = percent
    end
  end
  return (width - (count - 1) * COLUMN_GAP) * share / total
end

local function list_height(block, width, sizes)
  local height = -LIST.gap
  for _, item in ipairs(block.content) do
    for index, part in ipairs(item) do
      if part.t == "BulletList" or part.t == "OrderedList" then
        height = height + list_height(part, width - LIST.indent, sizes)
      else
        height = height + inline_height(part.content or {}, width - LIST.indent, { line = 1.4, weight = 1.01 }, sizes.text)
      end
      height = height + (index > 1 and LIST.gap or 0)
    end
    height = height + LIST.gap
  end
  return height
end

local function block_height(block, width, sizes)
  local image = chart_of(block)
  if image then
    local _, height = chart_size(image, width, sizes.chart)
    return height
  elseif block.t == "Para" or block.t == "Plain" then
    return inline_height(block.content, width, { line = 1.4, weight = 1.01 }, sizes.text)
  elseif block.t == "Header" then
    return inline_height(block.content, width, SUBHEADING)
  elseif block.t == "BulletList" or block.t == "OrderedList" then
    return list_height(block, width, sizes)
  elseif block.t == "Table" then
    return table_height(block, width, sizes.table)
  elseif block.t == "Div" then
    if has(block, "notes") then
      return nil
    elseif has(block, "lead") then
      return inline_height(block.content, width, LEAD)
    elseif has(block, "base") then
      return inline_height(block.content, width, BASE)
    elseif has(block, "disclosure") then
      return inline_height(block.content, width, DISCLOSURE)
    elseif has(block, "comments") then
      return arrange(block.content, width, sizes.comment).height
    elseif has(block, "columns") then
      local tallest = 0
      for _, column in ipairs(block.content) do
        tallest = math.max(tallest, blocks_height(column.content, column_width(column, block, width), sizes))
      end
      return tallest
    end
    return blocks_height(block.content, width, sizes)
  end
  return 0
end

function blocks_height(blocks, width, sizes)
  local height = -GAP
  for _, block in ipairs(blocks) do
    local one = block_height(block, width, sizes)
    if one then
      height = height + one + GAP
    end
  end
  return math.max(0, height)
end

-- The largest sizes at which the slide's blocks fit.
local function fit(slide)
  local title_height = inline_height(slide.header.content, CONTENT_WIDTH, TITLE)
  local room = BOTTOM - TOP - title_height - TITLE.below
  -- below a lead the text stays smaller than the lead
  local has_lead = slide.blocks:find_if(function(block) return block.t == "Div" and has(block, "lead") end)
  local text_sizes = slide.width < CONTENT_WIDTH and not has_lead and TEXT_ONLY_SIZES or TEXT_SIZES
  local comment_sizes = COMMENT_ONLY_SIZES
  for _, block in ipairs(slide.blocks) do
    if not (block.t == "Div" and (has(block, "comments") or has(block, "lead") or has(block, "foot"))) then
      comment_sizes = COMMENT_SIZES
    end
  end
  local least = nil
  for _, chart in ipairs(CHART_SCALES) do
    for _, text in ipairs(text_sizes) do
      for step = 1, math.max(#TABLE_SIZES, #comment_sizes) do
        local sizes = {
          chart = chart,
          text = text,
          table = TABLE_SIZES[math.min(step, #TABLE_SIZES)],
          comment = comment_sizes[math.min(step, #comment_sizes)],
        }
        least = blocks_height(slide.blocks, slide.width, sizes)
        if least <= room then
          return sizes
        end
      end
    end
  end
  fail(string.format(
    "what it holds is %d px too tall for the slide even at the smallest sizes; shorten or split it",
    math.ceil(least - room)
  ))
end

-- Blocks --------------------------------------------------------------------------------------

local convert

local function wrap(block, width, sizes, opening, closing)
  local blocks = pandoc.List({ raw(opening) })
  blocks:extend(convert(block.content, width, sizes))
  blocks:insert(raw(closing))
  return blocks
end

local function columns_blocks(block, width, sizes)
  local blocks = pandoc.List({})
  local widths = {}
  for index, column in ipairs(block.content) do
    if column.t ~= "Div" or not has(column, "column") then
      fail("'columns' holds something that is not a 'column'")
    end
    widths[index] = column_width(column, block, width)
  end
  if IS_TYPST then
    blocks:insert(raw("#side-by-side((" .. table.concat(widths, ", ") .. ",))["))
  else
    blocks:insert(raw('<div class="columns">'))
  end
  for index, column in ipairs(block.content) do
    if not IS_TYPST then
      blocks:insert(raw(string.format('<div class="column" style="width: %.6gpx">', widths[index])))
    elseif index > 1 then
      blocks:insert(raw("]["))
    end
    blocks:extend(convert(column.content, widths[index], sizes))
    if not IS_TYPST then
      blocks:insert(raw("</div>"))
    end
  end
  blocks:insert(raw(IS_TYPST and "]" or "</div>"))
  return blocks
end

local function convert_div(block, width, sizes)
  if has(block, "notes") then
    return IS_TYPST and {} or { block }
  elseif has(block, "comments") then
    return comment_blocks(block, width, sizes.comment)
  elseif has(block, "columns") then
    return columns_blocks(block, width, sizes)
  end
  for _, class in ipairs({ "lead", "base", "disclosure", "subtitle", "edition", "colophon", "foot" }) do
    if has(block, class) then
      if IS_TYPST then
        return wrap(block, width, sizes, "#" .. class .. "[", "]")
      end
      block.content = convert(block.content, width, sizes)
      return { block }
    end
  end
  block.content = convert(block.content, width, sizes)
  return IS_TYPST and block.content or { block }
end

function convert(blocks, width, sizes)
  local result = pandoc.List({})
  for _, block in ipairs(blocks) do
    local image = chart_of(block)
    if image then
      result:extend(chart_blocks(image, chart_size(image, width, sizes.chart)))
    elseif block.t == "Table" then
      result:extend(table_blocks(block, width, sizes.table))
    elseif block.t == "Div" then
      result:extend(convert_div(block, width, sizes))
    else
      result:insert(block)
    end
  end
  return result
end

-- The contents slide --------------------------------------------------------------------------

local numbers = {} -- slide id -> slide number
local under_divider = {} -- slide id -> whether the slide stands behind a divider

-- An item of the contents list: the slide it leads to, its text and its level, which is the list's
-- own or, in a flat list, 2 for slides behind a divider.
local function contents_entry(inlines, level)
  local found = { level = level, text = pandoc.List({}) }
  local function take(list)
    for _, inline in ipairs(list) do
      if inline.t == "Link" and inline.target:sub(1, 1) == "#" then
        found.target = inline.target:sub(2)
        take(inline.content)
      elseif inline.t == "Span" and has(inline, "page") then
        found.given = pandoc.utils.stringify(inline)
      elseif inline.t == "Span" and has(inline, "entry") then
        take(inline.content)
      else
        found.text:insert(inline)
      end
    end
  end
  take(inlines)
  while #found.text > 0 and found.text[#found.text].t == "Space" do
    found.text:remove(#found.text)
  end
  found.page = found.target and tostring(numbers[found.target]) or ""
  if found.given and found.given ~= found.page then
    fail("the contents say slide " .. found.given .. " for '" .. (found.target or "?")
      .. "', which is slide " .. found.page)
  end
  return found
end

local function contents_entries(list, level, entries)
  for _, item in ipairs(list.content) do
    for _, block in ipairs(item) do
      if block.t == "BulletList" or block.t == "OrderedList" then
        contents_entries(block, level + 1, entries)
      else
        entries:insert(contents_entry(block.content, level))
      end
    end
  end
  return entries
end

-- Entries of level 1, each with those below it.
local function contents_groups(list)
  local entries = contents_entries(list, 1, pandoc.List({}))
  local flat = not entries:find_if(function(entry) return entry.level > 1 end)
  local groups = {}
  for _, entry in ipairs(entries) do
    if flat and under_divider[entry.target] then
      entry.level = 2
    end
    if entry.level == 1 or #groups == 0 then
      table.insert(groups, { entry = entry, below = {} })
    else
      table.insert(groups[#groups].below, entry)
    end
  end
  return groups
end

local function contents_item(entry)
  local link = entry.target and pandoc.Link(entry.text, "#" .. entry.target) or pandoc.Span(entry.text)
  if IS_TYPST then
    return pandoc.Plain({
      raw_inline(string.format('#entry("%s", %d)[', entry.page, entry.level)), link, raw_inline("];"),
    })
  end
  return pandoc.Plain({
    raw_inline('<span class="entry">'), link,
    raw_inline('</span> <span class="page">' .. entry.page .. "</span>"),
  })
end

local function group_height(group, width)
  local height = -CONTENTS.gap
  for _, entry in ipairs({ group.entry, table.unpack(group.below) }) do
    local inner = width - CONTENTS.number - (entry.level - 1) * CONTENTS.indent
    height = height + inline_height(entry.text, inner, CONTENTS) + CONTENTS.gap
  end
  return height
end

local function contents_list(groups, first, last)
  local items = pandoc.List({})
  for index = first, last do
    local item = pandoc.List({ contents_item(groups[index].entry) })
    local below = pandoc.List(groups[index].below):map(function(entry) return { contents_item(entry) } end)
    if #below > 0 then
      item:insert(pandoc.BulletList(below))
    end
    items:insert(item)
  end
  return pandoc.BulletList(items)
end

local function contents_blocks(blocks)
  local result = pandoc.List({})
  for _, block in ipairs(blocks) do
    if block.t == "BulletList" or block.t == "OrderedList" then
      local groups = contents_groups(block)
      local heights = {}
      for index, group in ipairs(groups) do
        heights[index] = group_height(group, (CONTENT_WIDTH - COLUMN_GAP) / 2)
      end
      local found = split(heights, math.min(2, #groups), CONTENTS.gap)
      if found.tallest > BOTTOM - TOP - 60 then
        fail("the contents are too long for one slide")
      end
      result:insert(raw(
        IS_TYPST and "#contents-columns[" or '<nav class="contents-columns" aria-label="Contents">'
      ))
      local first = 1
      for column, count in ipairs(found.counts) do
        if IS_TYPST and column > 1 then
          result:insert(raw("]["))
        end
        result:insert(contents_list(groups, first, first + count - 1))
        first = first + count
      end
      result:insert(raw(IS_TYPST and "]" or "</nav>"))
    else
      result:insert(block)
    end
  end
  return result
end

-- Inlines -------------------------------------------------------------------------------------

-- Pandoc's Typst writer flattens typographic quotes and leaves them to Typst to guess again; here they
-- are written as they are.
local QUOTES = { ["‘"] = true, ["’"] = true, ["“"] = true, ["”"] = true }

local function keep_quotes(str)
  if not IS_TYPST or not str.text:find("\xE2\x80[\x98\x99\x9C\x9D]") then
    return nil
  end
  local parts = pandoc.List({})
  local run = ""
  for _, code in utf8.codes(str.text) do
    local character = utf8.char(code)
    if QUOTES[character] then
      if run ~= "" then
        parts:insert(pandoc.Str(run))
      end
      parts:insert(raw_inline(character))
      run = ""
    else
      run = run .. character
    end
  end
  if run ~= "" then
    parts:insert(pandoc.Str(run))
  end
  return parts
end

local function keep_quoted(quoted)
  if not IS_TYPST then
    return nil
  end
  local single = quoted.quotetype == "SingleQuote"
  local parts = pandoc.List({ raw_inline(single and "‘" or "“") })
  parts:extend(quoted.content)
  parts:insert(raw_inline(single and "’" or "”"))
  return parts
end

local engine = "" -- what renders the deck, for the colophon

local inline_filter = {
  Str = keep_quotes,
  Quoted = keep_quoted,
  Span = function(span)
    if has(span, "engine") then
      span.content = pandoc.Inlines(engine)
      return span
    end
    if not IS_TYPST then
      return nil
    end
    local content = pandoc.List({})
    if has(span, "estimate") then
      content:insert(raw_inline("#estimate(" .. typst_string(span.attributes["data-estimate"] or "") .. ")["))
    elseif has(span, "attribution") then
      content:insert(raw_inline("#attribution["))
    else
      return nil
    end
    content:extend(span.content)
    content:insert(raw_inline("];")) -- the semicolon keeps "(" or "." that follows as text
    return content
  end,
  Link = function(link)
    local id = link.target:match("^#(.+)$")
    if id and numbers[id] == nil then
      fail("the link '" .. pandoc.utils.stringify(link) .. "' leads to '#" .. id .. "', and no slide has that id")
    end
    return nil
  end,
  Image = function(image)
    if has(image, "chart") then
      return nil
    end
    local alt = alt_text(image)
    image.attributes["fig-alt"] = nil
    image.attributes["alt"] = alt
    image.caption = { pandoc.Str(alt) }
    return image
  end,
}

-- Slides --------------------------------------------------------------------------------------

local function kind_of(header)
  for _, kind in ipairs(KINDS) do
    if has(header, kind) then
      return kind
    end
  end
  return "content"
end

local function slides_of(blocks)
  local slides = {}
  local behind = false -- whether a divider came before
  for _, block in ipairs(blocks) do
    if block.t == "Header" and block.level == 1 then
      fail("'# " .. pandoc.utils.stringify(block) .. "': slides begin with '##'; '#' is not used")
    elseif block.t == "Header" and block.level == 2 then
      table.insert(slides, { header = block, blocks = pandoc.List({}) })
      slide_name = string.format("slide %d (%s)", #slides, pandoc.utils.stringify(block))
      local id = block.identifier
      if id == "" then
        fail("the slide has no id; write {#some-name} behind its title")
      elseif numbers[id] then
        fail("the id '" .. id .. "' is also the id of slide " .. numbers[id])
      end
      numbers[id] = #slides
      local kind = kind_of(block)
      if kind ~= "content" then
        behind = kind == "divider"
      end
      under_divider[id] = behind and kind == "content"
    elseif #slides == 0 then
      if block.t ~= "Null" then
        fail("there is text before the first slide")
      end
    else
      slides[#slides].blocks:insert(block)
    end
  end
  return slides
end

-- Base notes and disclosures stand at the foot of the slide, wherever they were written.
local function with_foot(blocks)
  local rest, foot = pandoc.List({}), pandoc.List({})
  for _, block in ipairs(blocks) do
    local at_foot = block.t == "Div" and (has(block, "base") or has(block, "disclosure"))
    local list = at_foot and foot or rest
    list:insert(block)
  end
  if #foot > 0 then
    rest:insert(pandoc.Div(foot, { class = "foot" }))
  end
  return rest
end

-- Whether a slide holds nothing but paragraphs and lists (and notes).
local function is_text(blocks)
  for _, block in ipairs(blocks) do
    local plain = block.t == "BulletList" or block.t == "OrderedList"
      or (block.t == "Para" and chart_of(block) == nil)
      or (block.t == "Div" and (has(block, "foot") or has(block, "lead") or has(block, "notes")))
    if not plain then
      return false
    end
  end
  return true
end

local function slide_body(slide, kind)
  slide.blocks = with_foot(slide.blocks)
  if kind == "contents" then
    return contents_blocks(slide.blocks)
  end
  if kind ~= "content" then
    return convert(slide.blocks, kind == "closing" and 900 or 820, { text = 22, comment = 18, table = 18, chart = 1 })
  end
  slide.width = is_text(slide.blocks) and TEXT_ONLY_WIDTH or CONTENT_WIDTH
  local sizes = fit(slide)
  slide.text = sizes.text
  return convert(slide.blocks, slide.width, sizes)
end

local function html_slide(slide, kind, number, total, footer)
  local header = slide.header
  local body = slide_body(slide, kind)
  header.classes = pandoc.List({})
  if kind ~= "content" then
    header.classes:insert(kind)
  end
  if slide.text then
    header.classes:insert("text-" .. slide.text)
    if slide.width < CONTENT_WIDTH then
      header.classes:insert("text-only")
    end
  end
  local background = DARK[kind] or PALE[kind]
  if background then
    header.attributes["background-color"] = background
  end
  local blocks = pandoc.List({ header })
  blocks:extend(body)
  if kind ~= "opening" then
    blocks:insert(raw('<footer class="slide-footer">'))
    local text = pandoc.List({ raw_inline(string.format('<span class="slide-number">%d/%d</span> ', number, total)) })
    text:extend(footer)
    blocks:insert(pandoc.Plain(text))
    blocks:insert(raw("</footer>"))
  end
  return blocks
end

local function typst_slide(slide, kind, number)
  local header = slide.header
  header.classes = pandoc.List({})
  -- bookmarks nest: slides behind a divider stand under it
  header.level = under_divider[header.identifier] and 2 or 1
  slide.blocks = slide.blocks:map(function(block)
    return block:walk({ Header = function(inner) inner.level = header.level + 1; return inner end })
  end)
  local body = slide_body(slide, kind)
  local blocks = pandoc.List({ raw(string.format(
    "#slide(kind: %s, number: %d, text-size: %d, width: %d)[",
    typst_string(kind), number, slide.text or 22, slide.width or CONTENT_WIDTH
  )) })
  blocks:insert(header)
  blocks:insert(raw("]["))
  blocks:extend(body)
  blocks:insert(raw("]"))
  return blocks
end

function Pandoc(doc)
  local slides = slides_of(doc.blocks)
  engine = pandoc.utils.stringify(doc.meta["deck-engine"] or "")
  engine = engine:gsub("{pandoc}", tostring(PANDOC_VERSION))
  local footer = doc.meta["deck-footer"]
  if pandoc.utils.type(footer) ~= "Inlines" then
    footer = pandoc.Inlines(footer and pandoc.utils.stringify(footer) or "")
  end
  local blocks = pandoc.List({})
  for number, slide in ipairs(slides) do
    slide_name = string.format("slide %d (%s)", number, pandoc.utils.stringify(slide.header))
    local kind = kind_of(slide.header)
    slide.blocks = slide.blocks:map(function(block) return block:walk(inline_filter) end)
    if IS_TYPST then
      blocks:extend(typst_slide(slide, kind, number))
    else
      blocks:extend(html_slide(slide, kind, number, #slides, footer))
    end
  end
  if IS_TYPST then
    for _, name in ipairs({ "title", "deck-footer" }) do
      if pandoc.utils.type(doc.meta[name]) == "Inlines" then
        doc.meta[name] = doc.meta[name]:walk({ Str = keep_quotes, Quoted = keep_quoted })
      end
    end
  end
  doc.blocks = blocks
  doc.meta["deck-slides"] = pandoc.MetaString(tostring(#slides))
  return doc
end
