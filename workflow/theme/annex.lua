-- The annex of sources behind the last page of the PDF: a row for each number and chart of a slide,
-- to which they link. It is made from evidence.json, which compose writes beside deck.qmd.

local deck = require("dialect")

local M = {}

local data = nil -- evidence.json; stays nil where there is none

local handle = deck.IS_TYPST and io.open("evidence.json", "rb")
if handle then
  data = pandoc.json.decode(handle:read("a"), false)
  handle:close()
end

local function say(places)
  local parts = {}
  for index, place in ipairs(places) do
    parts[index] = data.words[place + 1]
  end
  return table.concat(parts)
end

-- The value and the facts of an estimate: name -> text.
local function estimate(id)
  local value, _, facts = table.unpack(data.estimates[id])
  local found = {}
  for _, fact in ipairs(facts) do
    found[data.words[fact[1] + 1]] = say({ table.unpack(fact, 2) })
  end
  return data.words[value + 1], found
end

local function sources(slide)
  return data and data.slides[tostring(slide)] or nil
end

local function holds(list, wanted)
  for _, one in ipairs(list or {}) do
    if one == wanted then
      return true
    end
  end
  return false
end

-- The label of the row of a number or chart of a slide, or nil where there is none.
function M.row_of(slide, kind, name)
  local found = sources(slide)
  if found and holds(kind == "chart" and found.exhibits or found.estimates, name) then
    return "source-" .. slide .. "-" .. kind .. "-" .. name
  end
  return nil
end

local function leading_number(text)
  return text and text:match("^[%d.,]*%d")
end

-- "27 of 81 councillors"; in the weighted edition "21.7 of 66.0; base 79 councillors".
local function counted(facts)
  local top, bottom = leading_number(facts.Numerator), leading_number(facts.Denominator)
  local base = facts.Base
  if not facts.Numerator then
    return ""
  elseif not bottom then
    return facts.Numerator .. (base and base ~= facts.Numerator and "; base " .. base or "")
  end
  local share = (top or "not shown") .. " of "
  if facts["Weighted base"] then
    return share .. bottom .. "; base " .. base
  end
  return share .. (base:match("^" .. bottom .. " ") and base or bottom)
end

-- What the ids of a row of a chart have in common, what differs as a star: q5.*.acute_trusts.
local function pattern(points)
  local parts = nil
  for _, point in ipairs(points) do
    local own = {}
    for mark, part in point[2]:gsub(":%a+$", ""):gmatch("([.@]?)([^.@]+)") do
      table.insert(own, { mark = mark, part = part })
    end
    parts = parts or own
    for index, one in ipairs(parts) do
      if own[index] == nil or own[index].part ~= one.part then
        one.part = "*"
      end
    end
  end
  local text = ""
  for _, one in ipairs(parts) do
    text = text .. one.mark .. one.part
  end
  return text
end

local function row(cells)
  local parts = {}
  for index, cell in ipairs(cells) do
    parts[index] = deck.typst_string(cell)
  end
  return "source-row(" .. table.concat(parts, ", ") .. ")"
end

local function chart_rows(name, slide, slug)
  local exhibit = data.exhibits[name]
  local number, title = data.words[exhibit.number + 1], data.words[exhibit.title + 1]
  local rows = { row({
    M.row_of(slide, "chart", name), slug, tostring(slide), "chart " .. name, "",
    (number ~= "" and number .. ": " or "") .. title, "",
  }) }
  for _, line in ipairs(exhibit.rows) do
    local label, values, bases = data.words[line[1] + 1], {}, {}
    for _, point in ipairs(line[2]) do
      local value, facts = estimate(point[2])
      local top = leading_number(facts.Numerator)
      local part = facts.Denominator and leading_number(facts.Denominator) and top
      table.insert(values, data.words[point[1] + 1] .. " " .. value .. (part and " (" .. part .. ")" or ""))
      if facts.Base and not holds(bases, facts.Base) then
        table.insert(bases, facts.Base)
      end
    end
    table.insert(rows, row({
      "", slug, tostring(slide), pattern(line[2]), "",
      (label ~= "" and label .. ": " or "") .. table.concat(values, ", "),
      #bases > 0 and "base " .. table.concat(bases, ", ") or "",
    }))
  end
  return rows
end

-- The annex as Typst, or nil where there is no evidence. `slides`: number -> title and slug.
function M.typst(slides)
  if data == nil then
    return nil
  end
  local parts = {}
  for number, slide in ipairs(slides) do
    local found = sources(number)
    if found then
      local rows = {}
      for _, name in ipairs(found.exhibits) do
        for _, one in ipairs(chart_rows(name, number, slide.slug)) do
          table.insert(rows, one)
        end
      end
      for _, id in ipairs(found.estimates) do
        local value, facts = estimate(id)
        table.insert(rows, row({
          M.row_of(number, "number", id), slide.slug, tostring(number), id, value,
          facts.Definition, counted(facts),
        }))
      end
      table.insert(parts, string.format(
        "source-group(%s, %s, %s),\n%s", deck.typst_string(slide.slug), deck.typst_string(tostring(number)),
        deck.typst_string(slide.title), table.concat(rows, ",\n")
      ))
    end
  end
  return string.format("#annex(weighted: %s,\n%s)", data.edition == "weighted", table.concat(parts, ",\n"))
end

return M
