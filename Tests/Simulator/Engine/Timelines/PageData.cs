using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.IO.Compression;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Tests.Simulator.Engine.Timelines;

/// <summary>The data of a page, read back by a decoder that shares nothing with the writer.</summary>
internal sealed partial class PageData
{
    private PageData(JsonElement header, IReadOnlyDictionary<string, long[]> columns) => (Header, Columns) = (header, columns);

    public JsonElement Header { get; }

    public IReadOnlyDictionary<string, long[]> Columns { get; }

    public static PageData Of(string page)
    {
        var packed = new MemoryStream(Convert.FromBase64String(Data().Match(page).Groups[1].Value));
        var bytes = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionMode.Decompress)) gzip.CopyTo(bytes);
        var all = bytes.ToArray();
        var length = BinaryPrimitives.ReadInt32LittleEndian(all);
        var header = JsonDocument.Parse(all.AsMemory(4, length)).RootElement;
        var at = 4 + length;
        var columns = new Dictionary<string, long[]>();
        foreach (var column in header.GetProperty("columns").EnumerateArray())
        {
            var end = at + column.GetProperty("bytes").GetInt32();
            columns[column.GetProperty("name").GetString()!] = Numbers(all, at, end, column.GetProperty("count").GetInt32(), column.GetProperty("isDelta").GetBoolean());
            at = end;
        }

        if (at != all.Length) throw new InvalidDataException($"{all.Length - at} bytes are left over.");
        return new PageData(header, columns);
    }

    private static long[] Numbers(byte[] bytes, int at, int end, int count, bool isDelta)
    {
        var numbers = new long[count];
        var before = 0L;
        for (var i = 0; i < count; i++)
        {
            var (value, shift) = (0UL, 0);
            do
            {
                value |= (ulong)(bytes[at] & 127) << shift;
                shift += 7;
            }
            while (bytes[at++] >= 128);
            var number = (long)(value >> 1) ^ -(long)(value & 1);
            numbers[i] = isDelta ? before += number : number;
        }

        return at == end ? numbers : throw new InvalidDataException("A column does not end where it should.");
    }

    [GeneratedRegex("<script id=\"data\"[^>]*>([^<]*)</script>")]
    private static partial Regex Data();
}
