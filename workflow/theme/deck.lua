-- Turns the slide dialect (see README.md in this folder) into HTML or Typst, for pandoc and Quarto.
-- It also fits each slide: text is measured with the widths of the typeface, and the largest sizes
-- that fit the slide are chosen, the same for both formats. What cannot fit is an error, by name.

package.path = "theme/?.lua;" .. package.path -- both engines work in the folder of deck.qmd

local deck = require("dialect")
local annex = require("annex")
local charts = require("charts")
local contents = require("contents")
local layout = require("layout")
local signs = require("signs")
local has, raw, raw_inline = deck.has, deck.raw, deck.raw_inline

local KINDS = { "opening", "contents", "divider", "closing" }
local DARK = { opening = "#12436D", divider = "#12436D" }
local PALE = { closing = "#F0F4F8" }
-- sizes on slides that are not of content
local PLAIN = { text = 22, lead = 24, comment = 18, columns = 1, table = 18, chart = 1, air = 0 }

-- Inlines -------------------------------------------------------------------------------------

local engine = "" -- what renders the deck, for the colophon

local inline_filter = {
  Str = signs.filter.Str,
  Quoted = signs.filter.Quoted,
  Span = function(span)
    if has(span, "engine") then
      span.content = pandoc.Inlines(engine)
      return span
    end
    if not deck.IS_TYPST then
      return nil
    end
    local content = pandoc.List({})
    if has(span, "estimate") then
      local row = annex.row_of(deck.slide_number, "number", span.attributes["data-estimate"])
      content:insert(raw_inline("#estimate(" .. (row and deck.typst_string(row) or "none") .. ")["))
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
    if id and contents.numbers[id] == nil then
      deck.fail("the link '" .. pandoc.utils.stringify(link) .. "' leads to '#" .. id .. "', and no slide has that id")
    end
    return nil
  end,
  Image = function(image)
    if has(image, "chart") then
      return nil
    end
    local alt = charts.alt_text(image)
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
      deck.fail("'# " .. pandoc.utils.stringify(block) .. "': slides begin with '##'; '#' is not used")
    elseif block.t == "Header" and block.level == 2 then
      table.insert(slides, { header = block, blocks = pandoc.List({}) })
      deck.slide_name = string.format("slide %d (%s)", #slides, pandoc.utils.stringify(block))
      local id = block.identifier
      if id == "" then
        deck.fail("the slide has no id; write {#some-name} behind its title")
      elseif contents.numbers[id] then
        deck.fail("the id '" .. id .. "' is also the id of slide " .. contents.numbers[id])
      end
      contents.numbers[id] = #slides
      local kind = kind_of(block)
      if kind ~= "content" then
        behind = kind == "divider"
      end
      contents.under_divider[id] = behind and kind == "content"
    elseif #slides == 0 then
      if block.t ~= "Null" then
        deck.fail("there is text before the first slide")
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

local function slide_body(slide, kind)
  slide.blocks = with_foot(slide.blocks)
  if kind == "contents" then
    return contents.blocks(slide.blocks)
  end
  if kind ~= "content" then
    return layout.convert(slide.blocks, kind == "closing" and 900 or 820, PLAIN)
  end
  local sizes = layout.fit(slide)
  slide.text, slide.air = sizes.text, sizes.air
  return layout.convert(slide.blocks, slide.width, sizes)
end

local function directed(block)
  if charts.of(block) then
    return nil
  end
  block.content = deck.directed(block.content)
  return block
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
    header.classes:insert("air-" .. slide.air)
    if slide.width < deck.CONTENT_WIDTH then
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
  local header = slide.header:walk(signs.filter)
  header.classes = pandoc.List({})
  -- bookmarks nest: slides behind a divider stand under it
  header.level = contents.under_divider[header.identifier] and 2 or 1
  slide.blocks = slide.blocks:map(function(block)
    return block:walk({ Header = function(inner) inner.level = header.level + 1; return inner end })
  end)
  local body = slide_body(slide, kind)
  local blocks = pandoc.List({ raw(string.format(
    "#slide(kind: %s, number: %d, text-size: %d, air: %d, width: %d)[",
    deck.typst_string(kind), number, slide.text or 22, slide.air or 0, slide.width or deck.CONTENT_WIDTH
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
    deck.slide_name = string.format("slide %d (%s)", number, pandoc.utils.stringify(slide.header))
    deck.slide_number = number
    local kind = kind_of(slide.header)
    slide.title, slide.slug = pandoc.utils.stringify(slide.header), slide.header.identifier
    slide.blocks = slide.blocks:map(function(block) return block:walk(inline_filter) end)
    if kind ~= "contents" then -- its entries stand each by itself
      slide.blocks = pandoc.Blocks(slide.blocks):walk({ Para = directed, Plain = directed, Header = directed })
    end
    slide.header.content = deck.directed(slide.header.content)
    if deck.IS_TYPST then
      blocks:extend(typst_slide(slide, kind, number))
    else
      blocks:extend(html_slide(slide, kind, number, #slides, footer))
    end
  end
  if deck.IS_TYPST then
    for _, name in ipairs({ "title", "deck-footer" }) do
      if pandoc.utils.type(doc.meta[name]) == "Inlines" then
        doc.meta[name] = doc.meta[name]:walk(signs.filter)
      end
    end
  end
  local sources = annex.typst(slides)
  if sources then
    blocks:insert(raw(sources))
  end
  doc.blocks = blocks
  doc.meta["deck-slides"] = pandoc.MetaString(tostring(#slides))
  return doc
end
