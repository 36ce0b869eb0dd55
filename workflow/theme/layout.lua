-- Fits the blocks of a slide and turns them into HTML or Typst.

local deck = require("dialect")
local annex = require("annex")
local charts = require("charts")
local comments = require("comments")
local tables = require("tables")
local has, raw = deck.has, deck.raw

local M = {}

local TEXT_SIZES = { 22, 21, 20, 19, 18 }
-- a slide of nothing but text is set larger, in lines of a readable length, and its lead with it
local TEXT_ONLY_SIZES = { 28, 27, 26, 25, 24, 23, 22, 21, 20, 19, 18 }
local TEXT_ONLY_WIDTH = 1080
local COMMENT_SIZES = { 26, 25, 24, 23, 22, 21, 20, 19, 18, 17, 16 }
local COMMENT_COLUMNS = { 1, 2, 3 }
local TABLE_SIZES = { 22, 21, 20, 19, 18, 17, 16, 15 }
local CHART_SCALES = { 1, 0.95, 0.9, 0.85 }

-- Heights of blocks ---------------------------------------------------------------------------

-- `sizes` = text, lead, comment and table sizes in px, columns of comments, the scale of charts and
-- the air between blocks

local function column_width(columns, index, width)
  local total = 0
  for _, column in ipairs(columns) do
    total = total + column.share
  end
  return (width - (#columns - 1) * deck.COLUMN_GAP) * columns[index].share / total
end

-- The share of a column of a `columns` Div, in percent.
local function share_of(column, count)
  return tonumber((column.attributes.width or ""):match("^([%d.]+)%%$")) or 100 / count
end

local function inlines_of(div)
  return pandoc.utils.blocks_to_inlines(div.content)
end

local measured

local function measured_list(block)
  local items = {}
  for index, item in ipairs(block.content) do
    items[index] = {}
    for place, part in ipairs(item) do
      if part.t == "BulletList" or part.t == "OrderedList" then
        items[index][place] = { items = measured_list(part) }
      else
        items[index][place] = { words = deck.words_of(part.content or {}) }
      end
    end
  end
  return items
end

-- A block as plain data, its words measured; nil for what takes no room.
local function measured_block(block)
  local image = charts.of(block)
  if image then
    return { kind = "chart", image = image }
  elseif block.t == "Para" or block.t == "Plain" then
    return { kind = "text", words = deck.words_of(block.content), style = deck.TEXT, size = "text" }
  elseif block.t == "Header" then
    return { kind = "text", words = deck.words_of(block.content), style = deck.SUBHEADING }
  elseif block.t == "BulletList" or block.t == "OrderedList" then
    return { kind = "list", items = measured_list(block) }
  elseif block.t == "Table" then
    return { kind = "table", table = tables.measured(block) }
  elseif block.t ~= "Div" then
    return { kind = "none" }
  elseif has(block, "notes") then
    return nil
  elseif has(block, "lead") then
    return { kind = "text", words = deck.words_of(inlines_of(block)), style = deck.LEAD, size = "lead" }
  elseif has(block, "base") then
    return { kind = "text", words = deck.words_of(inlines_of(block)), style = deck.BASE }
  elseif has(block, "disclosure") then
    return { kind = "text", words = deck.words_of(inlines_of(block)), style = deck.DISCLOSURE }
  elseif has(block, "comments") then
    return { kind = "comments", cards = comments.measured(block) }
  elseif has(block, "columns") then
    local found = { kind = "columns" }
    for index, column in ipairs(block.content) do
      found[index] = { share = share_of(column, #block.content), blocks = measured(column.content) }
    end
    return found
  end
  return { kind = "blocks", blocks = measured(block.content) }
end

function measured(blocks)
  local found = {}
  for _, block in ipairs(blocks) do
    table.insert(found, measured_block(block))
  end
  return found
end

local blocks_height

local function list_height(items, width, sizes)
  local gap = deck.list_gap(sizes.air)
  local inner = width - deck.LIST.indent
  local height = -gap
  for _, item in ipairs(items) do
    for index, part in ipairs(item) do
      if part.items then
        height = height + list_height(part.items, inner, sizes)
      else
        height = height + deck.words_height(part.words, inner, deck.TEXT, sizes.text)
      end
      height = height + (index > 1 and gap or 0)
    end
    height = height + gap
  end
  return height
end

local function block_height(block, width, sizes)
  if block.kind == "chart" then
    local _, height = charts.size(block.image, width, sizes.chart)
    return height
  elseif block.kind == "text" then
    return deck.words_height(block.words, width, block.style, sizes[block.size])
  elseif block.kind == "list" then
    return list_height(block.items, width, sizes)
  elseif block.kind == "table" then
    return tables.height(block.table, width, sizes.table, sizes.air)
  elseif block.kind == "comments" then
    return comments.arrange(block.cards, width, sizes).height
  elseif block.kind == "columns" then
    local tallest = 0
    for index, column in ipairs(block) do
      tallest = math.max(tallest, blocks_height(column.blocks, column_width(block, index, width), sizes))
    end
    return tallest
  elseif block.kind == "blocks" then
    return blocks_height(block.blocks, width, sizes)
  end
  return 0
end

function blocks_height(blocks, width, sizes)
  local gap = deck.gap(sizes.air)
  local height = -gap
  for _, block in ipairs(blocks) do
    height = height + block_height(block, width, sizes) + gap
  end
  return math.max(0, height)
end

-- Fitting -------------------------------------------------------------------------------------

local function is_foot(block)
  return block.t == "Div" and has(block, "foot")
end

local function is_lead(block)
  return block.t == "Div" and has(block, "lead")
end

-- Whether a slide holds nothing but paragraphs and lists (and notes).
local function is_text(blocks)
  for _, block in ipairs(blocks) do
    local plain = block.t == "BulletList" or block.t == "OrderedList"
      or (block.t == "Para" and charts.of(block) == nil)
      or is_foot(block) or is_lead(block) or (block.t == "Div" and has(block, "notes"))
    if not plain then
      return false
    end
  end
  return true
end

-- The largest comments: alone they are the slide; beside other things they give way to them.
local function largest_comment(blocks)
  local largest = 26
  for _, block in ipairs(blocks) do
    if is_lead(block) then
      largest = math.min(largest, 24)
    elseif not (block.t == "Div" and (has(block, "comments") or is_foot(block))) then
      largest = 22
    end
  end
  return largest
end

-- The comments of measured blocks, those in columns too: the cards and their widths.
local function comments_of(blocks, width, found)
  for _, block in ipairs(blocks) do
    if block.kind == "comments" then
      table.insert(found, { cards = block.cards, width = width })
    elseif block.kind == "columns" then
      for index, column in ipairs(block) do
        comments_of(column.blocks, column_width(block, index, width), found)
      end
    end
  end
  return found
end

-- What speaks against an arrangement: a card that is mostly white, and lines of unreadable length.
local function cost_of(found, sizes)
  local cost = 0
  for _, one in ipairs(found) do
    local arrangement = comments.arrange(one.cards, one.width, sizes)
    cost = cost + math.max(0, arrangement.growth - 40) + 4 * arrangement.measure
  end
  return cost
end

-- Sizes at which the slide's blocks fit: the largest, or somewhat smaller ones where the comments
-- then stand better; then as much air as is left.
function M.fit(slide)
  local room = deck.BOTTOM - deck.TOP - deck.TITLE.below
    - deck.inline_height(slide.header.content, deck.CONTENT_WIDTH, deck.TITLE)
  local text_only = is_text(slide.blocks)
  slide.width = text_only and TEXT_ONLY_WIDTH or deck.CONTENT_WIDTH
  local text_sizes = text_only and TEXT_ONLY_SIZES or TEXT_SIZES
  if text_only and slide.blocks:find_if(is_lead) then -- the lead is the larger one
    text_sizes = { table.unpack(TEXT_ONLY_SIZES, 3) }
  end
  local blocks = measured(slide.blocks)
  local found = comments_of(blocks, slide.width, {})
  local first = 27 - largest_comment(slide.blocks)

  local function height(sizes)
    return blocks_height(blocks, slide.width, sizes)
  end
  local function settled(sizes)
    for _, size in ipairs(TABLE_SIZES) do
      sizes.table = size
      if height(sizes) <= room then
        break
      end
    end
    if sizes.air == 0 then
      sizes.air = deck.MOST_AIR
      while sizes.air > 0 and height(sizes) > room do
        sizes.air = sizes.air - 1
      end
    end
    return sizes
  end

  local lowest = math.huge
  for _, chart in ipairs(CHART_SCALES) do
    for _, text in ipairs(text_sizes) do
      local best = nil
      for step = 1, #found > 0 and #COMMENT_SIZES - first + 1 or 1 do
        for _, columns in ipairs(#found > 0 and COMMENT_COLUMNS or { 1 }) do
          for air = 0, #found > 0 and deck.LEAST_AIR or 0, -1 do
            local sizes = {
              chart = chart,
              text = text,
              lead = text_only and math.max(24, math.min(text + 2, 28)) or 24,
              table = TABLE_SIZES[#TABLE_SIZES],
              comment = COMMENT_SIZES[first + step - 1],
              columns = columns,
              air = air,
            }
            local needed = height(sizes)
            lowest = math.min(lowest, needed)
            if needed <= room then
              local cost = 14 * step - 24 * air + cost_of(found, sizes)
              if best == nil or cost < best.cost then
                best = { cost = cost, sizes = sizes }
              end
              break
            end
          end
        end
      end
      if best then
        return settled(best.sizes)
      end
    end
  end
  deck.fail(string.format(
    "what it holds is %d px too tall for the slide even at the smallest sizes; shorten or split it",
    math.ceil(lowest - room)
  ))
end

-- Blocks --------------------------------------------------------------------------------------

-- `sizes` as above.
local convert

local function wrap(block, width, sizes, opening, closing)
  local blocks = pandoc.List({ raw(opening) })
  blocks:extend(convert(block.content, width, sizes))
  blocks:insert(raw(closing))
  return blocks
end

local function columns_blocks(block, width, sizes)
  local blocks = pandoc.List({})
  local widths, shares = {}, {}
  for index, column in ipairs(block.content) do
    shares[index] = { share = share_of(column, #block.content) }
  end
  for index, column in ipairs(block.content) do
    if column.t ~= "Div" or not has(column, "column") then
      deck.fail("'columns' holds something that is not a 'column'")
    end
    widths[index] = column_width(shares, index, width)
  end
  if deck.IS_TYPST then
    blocks:insert(raw("#side-by-side((" .. table.concat(widths, ", ") .. ",))["))
  else
    blocks:insert(raw('<div class="columns">'))
  end
  for index, column in ipairs(block.content) do
    if not deck.IS_TYPST then
      blocks:insert(raw(string.format('<div class="column" style="width: %.6gpx">', widths[index])))
    elseif index > 1 then
      blocks:insert(raw("]["))
    end
    blocks:extend(convert(column.content, widths[index], sizes))
    if not deck.IS_TYPST then
      blocks:insert(raw("</div>"))
    end
  end
  blocks:insert(raw(deck.IS_TYPST and "]" or "</div>"))
  return blocks
end

local function convert_div(block, width, sizes)
  if has(block, "notes") then
    return deck.IS_TYPST and {} or { block }
  elseif has(block, "comments") then
    return comments.blocks(block, width, sizes)
  elseif has(block, "columns") then
    return columns_blocks(block, width, sizes)
  end
  if has(block, "lead") then
    local lead_width = deck.even_width(inlines_of(block), width, deck.LEAD, sizes.lead)
    if deck.IS_TYPST then
      local opening = string.format("#lead(size: %d, width: %.6g)[", sizes.lead, lead_width)
      return wrap(block, width, sizes, opening, "]")
    end
    block.classes:insert("size-" .. sizes.lead)
    block.attributes.style = string.format("max-width: %.6gpx", lead_width)
  end
  for _, class in ipairs({ "lead", "base", "disclosure", "subtitle", "edition", "colophon", "foot" }) do
    if has(block, class) then
      if deck.IS_TYPST then
        return wrap(block, width, sizes, "#" .. class .. "[", "]")
      end
      block.content = convert(block.content, width, sizes)
      return { block }
    end
  end
  block.content = convert(block.content, width, sizes)
  return deck.IS_TYPST and block.content or { block }
end

function convert(blocks, width, sizes)
  local result = pandoc.List({})
  for _, block in ipairs(blocks) do
    local image = charts.of(block)
    if image then
      local shown, height = charts.size(image, width, sizes.chart)
      local row = annex.row_of(deck.slide_number, "chart", image.attributes["data-exhibit"])
      result:extend(charts.blocks(image, shown, height, row))
    elseif block.t == "Table" then
      result:extend(tables.blocks(block, width, sizes.table, sizes.air))
    elseif block.t == "Div" then
      result:extend(convert_div(block, width, sizes))
    else
      result:insert(block)
    end
  end
  return result
end

M.convert = convert

return M
