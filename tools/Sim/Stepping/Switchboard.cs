using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;

namespace tools.Sim.Stepping;

/// <summary>
/// The first process of a session: it makes an inbox for each process that there can be, and hands on to them what comes in, "PLACE
/// ORDER" a line. It alone holds the writing ends, so that all processes see the end of their inboxes, and leave, when it has gone.
/// </summary>
internal sealed class Switchboard
{
    private const int Input = 0;
    private readonly List<(int Read, int Write)> _pipes;

    /// <summary>Makes the inboxes.</summary>
    public Switchboard(int places) => _pipes = [.. Enumerable.Range(0, places).Select(_ => Libc.Pipe())];

    /// <summary>The inbox of a place.</summary>
    public Inbox InboxOf(int place) => new(_pipes[place].Read);

    /// <summary>To be called in a copy, which is to be no switchboard.</summary>
    public void Leave()
    {
        foreach (var (_, write) in _pipes) Libc.Close(write);
        Libc.Close(Input);
    }

    /// <summary>Hands on orders until no more come in.</summary>
    public void Serve()
    {
        var input = new Inbox(Input);
        while (input.ReadLine() is { } line)
        {
            var space = line.IndexOf(' ', StringComparison.Ordinal);
            var place = int.Parse(line.AsSpan(0, space), CultureInfo.InvariantCulture);
            Libc.Write(_pipes[place].Write, Encoding.UTF8.GetBytes(line[(space + 1)..] + "\n"));
        }
    }
}
