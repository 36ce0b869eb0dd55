-- Tables: columns as wide as what they hold, and type as large as that allows.

local deck = require("dialect")
local raw = deck.raw

local M = {}

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

-- The table measured: rows of the text and the words of each cell, and the number of columns.
function M.measured(block)
  local found = { count = #block.colspecs }
  for part, list in pairs(table_rows(block)) do
    found[part] = {}
    for index, cells in ipairs(list) do
      found[part][index] = {}
      for column, cell in ipairs(cells) do
        found[part][index][column] = {
          text = deck.text_of(cell.contents),
          words = deck.words_of(pandoc.utils.blocks_to_inlines(cell.contents)),
        }
      end
    end
  end
  return found
end

-- The least width in which a heading takes two lines.
local function heading_width(text, cell_width)
  local least = cell_width(text)
  for place in text:gmatch("()%s") do
    least = math.min(least, math.max(cell_width(text:sub(1, place - 1)), cell_width(text:sub(place + 1))))
  end
  return least
end

-- Column widths from what the cells hold: the body on one line where that fits, headings broken as
-- needed, and what is left shared out up to a distance that the eye can follow. Also returns whether
-- the body fits on one line, and whether the headings then fit on two.
local function table_widths(measured, width, size)
  local function cell_width(text)
    return deck.text_width(text, size) * 1.06 + 2 * deck.TABLE.side
  end
  local wanted, least, heading, count = {}, {}, {}, measured.count
  for column = 1, count do
    wanted[column], least[column], heading[column] = 0, 0, 0
  end
  for _, part in ipairs({ "head", "body" }) do
    for _, cells in ipairs(measured[part]) do
      for column, cell in ipairs(cells) do
        local text = cell.text
        if part == "body" then
          wanted[column] = math.max(wanted[column], cell_width(text))
        else
          heading[column] = math.max(heading[column], heading_width(text, cell_width))
        end
        for word in text:gmatch("%S+") do
          for _, piece in ipairs(deck.pieces(word)) do
            least[column] = math.max(least[column], cell_width(piece))
          end
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
    return wanted, true, short == 0 or given == 1
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
  return wanted, false, false
end

-- At most `largest`, smaller where that keeps the rows of the body on one line, and somewhat smaller
-- again where that keeps the headings on two.
local function table_size(measured, width, largest)
  local found
  for size = largest, math.min(largest, 16), -1 do
    local _, one_line, two_lines = table_widths(measured, width, size)
    if one_line then
      found = found or size
      if two_lines and found - size <= 3 then
        return size
      end
    end
  end
  return found or largest
end

local function row_height(cells, widths, size, air)
  local lines = 1
  for column, cell in ipairs(cells) do
    lines = math.max(lines, deck.line_count(cell.words, widths[column] - 2 * deck.TABLE.side, size, 1.03))
  end
  return lines * size * deck.TABLE.line + 2 * deck.row_inset(air) + 1
end

function M.height(measured, width, largest, air)
  local size = table_size(measured, width, largest)
  local widths = table_widths(measured, width, size)
  local height = 0
  for _, part in ipairs({ "head", "body" }) do
    for _, cells in ipairs(measured[part]) do
      height = height + row_height(cells, widths, size, air)
    end
  end
  return height
end

local function cell_typst(cell)
  local text = pandoc.write(pandoc.Pandoc(cell.contents), "typst")
  return "[" .. text:gsub("^%s+", ""):gsub("%s+$", "") .. "]"
end

local ALIGNMENTS = { AlignLeft = "left", AlignRight = "right", AlignCenter = "center", AlignDefault = "left" }

function M.blocks(block, width, largest, air)
  local measured = M.measured(block)
  local size = table_size(measured, width, largest)
  local widths = table_widths(measured, width, size)
  if not deck.IS_TYPST then
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
    "#deck-table(size: %d, air: %d, widths: (%s,), alignments: (%s,), head: (%s,),\n%s)",
    size, air, table.concat(columns, ", "), table.concat(alignments, ", "), table.concat(head, ", "),
    table.concat(body, ", ")
  )) }
end

return M
