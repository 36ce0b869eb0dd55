-- The contents slide: the slides that its list names, with their numbers.

local deck = require("dialect")

local NUMBER, INDENT = 54, 24 -- px
-- a list is set in one column, large, or else in two
local ONE = { columns = 1, size = 24, line = 1.3, gap = 8, weight = 1.03 }
local TWO = { columns = 2, size = 21, line = 1.3, gap = 10, weight = 1.03 }

local M = {}

M.numbers = {} -- slide id -> slide number
M.under_divider = {} -- slide id -> whether the slide stands behind a divider

-- An item of the contents list: the slide it leads to, its text and its level, which is the list's
-- own or, in a flat list, 2 for slides behind a divider.
local function read_entry(inlines, level)
  local found = { level = level, text = pandoc.List({}) }
  local function take(list)
    for _, inline in ipairs(list) do
      if inline.t == "Link" and inline.target:sub(1, 1) == "#" then
        found.target = inline.target:sub(2)
        take(inline.content)
      elseif inline.t == "Span" and deck.has(inline, "page") then
        found.given = pandoc.utils.stringify(inline)
      elseif inline.t == "Span" and deck.has(inline, "entry") then
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
  found.page = found.target and tostring(M.numbers[found.target]) or ""
  if found.given and found.given ~= found.page then
    deck.fail("the contents say slide " .. found.given .. " for '" .. (found.target or "?")
      .. "', which is slide " .. found.page)
  end
  return found
end

local function add_entries(list, level, entries)
  for _, item in ipairs(list.content) do
    for _, block in ipairs(item) do
      if block.t == "BulletList" or block.t == "OrderedList" then
        add_entries(block, level + 1, entries)
      else
        entries:insert(read_entry(block.content, level))
      end
    end
  end
  return entries
end

-- Entries of level 1, each with those below it.
local function grouped(list)
  local entries = add_entries(list, 1, pandoc.List({}))
  local flat = not entries:find_if(function(entry) return entry.level > 1 end)
  local groups = {}
  for _, entry in ipairs(entries) do
    if flat and M.under_divider[entry.target] then
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

local function item_of(entry)
  local link = entry.target and pandoc.Link(entry.text, "#" .. entry.target) or pandoc.Span(entry.text)
  if deck.IS_TYPST then
    return pandoc.Plain({
      deck.raw_inline(string.format('#entry("%s", %d)[', entry.page, entry.level)), link, deck.raw_inline("];"),
    })
  end
  return pandoc.Plain({
    deck.raw_inline('<span class="entry">'), link,
    deck.raw_inline('</span> <span class="page">' .. entry.page .. "</span>"),
  })
end

local function group_height(group, width, style)
  local height = -style.gap
  for _, entry in ipairs({ group.entry, table.unpack(group.below) }) do
    local inner = width - NUMBER - (entry.level - 1) * INDENT
    height = height + deck.inline_height(entry.text, inner, style) + style.gap
  end
  return height
end

-- The columns of a list, or nil where it is too long.
local function arranged(groups, style)
  local columns = math.min(style.columns, #groups)
  local heights = {}
  for index, group in ipairs(groups) do
    local width = (deck.CONTENT_WIDTH - deck.COLUMN_GAP * (columns - 1)) / columns
    heights[index] = group_height(group, width, style)
  end
  local found = deck.split(heights, columns, style.gap)
  return found.tallest <= deck.BOTTOM - deck.TOP - 64 and found.counts or nil
end

local function list_of(groups, first, last)
  local items = pandoc.List({})
  for index = first, last do
    local item = pandoc.List({ item_of(groups[index].entry) })
    local below = pandoc.List(groups[index].below):map(function(entry) return { item_of(entry) } end)
    if #below > 0 then
      item:insert(pandoc.BulletList(below))
    end
    items:insert(item)
  end
  return pandoc.BulletList(items)
end

function M.blocks(blocks)
  local result = pandoc.List({})
  for _, block in ipairs(blocks) do
    if block.t == "BulletList" or block.t == "OrderedList" then
      local groups = grouped(block)
      local style, counts = ONE, arranged(groups, ONE)
      if counts == nil then
        style, counts = TWO, arranged(groups, TWO)
      end
      if counts == nil then
        deck.fail("the contents are too long for one slide")
      end
      result:insert(deck.raw(string.format(
        deck.IS_TYPST and "#contents-columns(size: %d, gap: %d)["
          or '<nav class="contents-columns size-%d" style="--gap: %dpx" aria-label="Contents">',
        style.size, style.gap
      )))
      local first = 1
      for column, count in ipairs(counts) do
        if deck.IS_TYPST and column > 1 then
          result:insert(deck.raw("]["))
        end
        result:insert(list_of(groups, first, first + count - 1))
        first = first + count
      end
      result:insert(deck.raw(deck.IS_TYPST and "]" or "</nav>"))
    else
      result:insert(block)
    end
  end
  return result
end

return M
