using System;
using System.Text;

namespace tools.Sim.Stepping;

/// <summary>Lines of text that arrive at the reading end of a pipe.</summary>
internal sealed class Inbox(int file)
{
    private readonly byte[] _buffer = new byte[4096];
    private int _have;

    /// <summary>The next line without its end; null if nobody can write one any more.</summary>
    public string? ReadLine()
    {
        while (true)
        {
            var end = _buffer.AsSpan(0, _have).IndexOf((byte)'\n');
            if (end >= 0) return Take(end);
            var count = Libc.Read(file, _buffer.AsSpan(_have));
            if (count == 0) return null;
            _have += count;
        }
    }

    private string Take(int length)
    {
        var line = Encoding.UTF8.GetString(_buffer, 0, length);
        _have -= length + 1;
        Array.Copy(_buffer, length + 1, _buffer, 0, _have);
        return line;
    }
}
