-- Respondents' comments as cards, in one to three columns.

local deck = require("dialect")
local has, raw = deck.has, deck.raw
local COMMENT = deck.COMMENT
local MOST_GROWTH = 84 -- px that a card grows by for the sake of aligned rows

local M = {}

-- A comment Div holds a block quote and a paragraph with the attribution.
local function parts(div)
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
    deck.fail("a comment holds no quotation (a line that begins with '> ')")
  end
  return quote, attribution
end

-- The comments of a Div, measured: for each the words of its paragraphs and of its attribution.
function M.measured(div)
  local cards = {}
  for index, comment in ipairs(div.content) do
    local quote, attribution = parts(comment)
    cards[index] = { from = attribution and deck.words_of(attribution) }
    for place, block in ipairs(quote.content) do
      cards[index][place] = deck.words_of(block.content)
    end
  end
  return cards
end

-- Whether a comment runs from right to left; it then begins at the right.
local function from_the_right(quote)
  local first = quote.content[1]
  return first ~= nil and first.content ~= nil and deck.right_to_left(pandoc.utils.stringify(first))
end

local function card_height(card, width, size, air)
  local inner = width - COMMENT.left - COMMENT.right
  local height = 2 * deck.card_inset(air) + (#card - 1) * COMMENT.inner
  for _, words in ipairs(card) do
    height = height + deck.words_height(words, inner, COMMENT, size)
  end
  if card.from then
    height = height + deck.card_inner(air)
      + deck.words_height(card.from, inner, deck.ATTRIBUTION, deck.attribution_size(size))
  end
  return height
end

-- The heights of cards in columns, as `aligned` rows or growing until all columns end on one line.
-- Returns the height of the whole and the most that a card grows.
local function stretched(heights, counts, gap, aligned)
  local height, growth, first = 0, 0, 0
  local ends, sums = {}, {}
  for column, count in ipairs(counts) do
    sums[column] = (count - 1) * gap
    for row = 1, count do
      sums[column] = sums[column] + heights[first + row]
    end
    ends[column], first = first, first + count
  end
  if not aligned then
    height = math.max(table.unpack(sums))
    for column, count in ipairs(counts) do
      growth = math.max(growth, (height - sums[column]) / count)
    end
    return height, growth
  end
  height = (counts[1] - 1) * gap
  for row = 1, counts[1] do
    local low, high = math.huge, 0
    for column in ipairs(counts) do
      local one = heights[ends[column] + row]
      low, high = math.min(low, one), math.max(high, one)
    end
    height, growth = height + high, math.max(growth, high - low)
  end
  return height, growth
end

-- Measured cards in columns, in order: in rows of one height where that leaves no card mostly white.
-- Returns the height, the number of cards in each column, whether rows are aligned, the most that a
-- card grows, and how far the lines are from a readable length (0 is readable).
function M.arrange(cards, width, sizes)
  local count, gap = #cards, deck.card_gap(sizes.air)
  local columns = math.min(sizes.columns, count)
  local column_width = (width - (columns - 1) * gap) / columns
  local heights = {}
  for index, card in ipairs(cards) do
    heights[index] = card_height(card, column_width, sizes.comment, sizes.air)
  end
  local found = { columns = columns, aligned = false, counts = deck.split(heights, columns, gap).counts }
  found.height, found.growth = stretched(heights, found.counts, gap, false)
  if count % columns == 0 then
    local counts = {}
    for column = 1, columns do
      counts[column] = count // columns
    end
    local height, growth = stretched(heights, counts, gap, true)
    if growth <= math.max(MOST_GROWTH, found.growth) then
      found.aligned, found.counts, found.height, found.growth = true, counts, height, growth
    end
  end
  local characters = column_width / (0.47 * sizes.comment)
  found.measure = math.max(0, characters - 76) + math.max(0, 30 - characters)
  return found
end

function M.blocks(div, width, sizes)
  local arrangement = M.arrange(M.measured(div), width, sizes)
  local size, from = sizes.comment, deck.attribution_size(sizes.comment)
  local even = arrangement.aligned
  local blocks = pandoc.List({})
  if deck.IS_TYPST then
    blocks:insert(raw(string.format(
      "#comments(size: %d, from-size: %d, air: %d, aligned: %s, counts: (%s,))[",
      size, from, sizes.air, even, table.concat(arrangement.counts, ", ")
    )))
    for index, comment in ipairs(div.content) do
      local quote, attribution = parts(comment)
      blocks:insert(raw(index > 1 and "][" or ""))
      blocks:insert(raw(from_the_right(quote) and "#set align(right)\n" or ""))
      blocks:extend(quote.content)
      blocks:insert(raw("]["))
      blocks:insert(pandoc.Plain(attribution or {}))
    end
    blocks:insert(raw("]"))
    return blocks
  end
  blocks:insert(raw(string.format(
    '<div class="comments size-%d from-%d%s" style="--columns: %d; --rows: %d">',
    size, from, even and " even" or "", arrangement.columns, #div.content // arrangement.columns
  )))
  local index = 0
  for _, count in ipairs(arrangement.counts) do
    if not even then
      blocks:insert(raw('<div class="comments-column">'))
    end
    for _ = 1, count do
      index = index + 1
      local quote, attribution = parts(div.content[index])
      local start = from_the_right(quote) and ' dir="rtl" style="text-align: right"' or ""
      blocks:insert(raw('<figure class="comment"><blockquote' .. start .. ">"))
      blocks:extend(quote.content)
      blocks:insert(raw("</blockquote>"))
      if attribution then
        blocks:insert(raw('<figcaption class="attribution">'))
        blocks:insert(pandoc.Plain(attribution))
        blocks:insert(raw("</figcaption>"))
      end
      blocks:insert(raw("</figure>"))
    end
    if not even then
      blocks:insert(raw("</div>"))
    end
  end
  blocks:insert(raw("</div>"))
  return blocks
end

return M
