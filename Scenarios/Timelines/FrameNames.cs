using System;
using System.Buffers.Binary;

namespace Scenarios.Timelines;

/// <summary>Finds the length-prefixed frames in one direction of a stream, over the borders of its pieces, and names each by its first bytes.</summary>
/// <param name="name">Names a frame by up to <see cref="HeadBytes"/> bytes of it, fewer of a shorter frame.</param>
internal sealed class FrameNames(FrameNames.Namer name)
{
    /// <summary>Bytes of a frame that its name may depend on.</summary>
    public const int HeadBytes = 8;

    private readonly byte[] _head = new byte[sizeof(int) + HeadBytes];
    private int _have;
    private long _skip;
    private string _last = "part";

    /// <summary>Names a frame by its first bytes.</summary>
    public delegate string Namer(ReadOnlySpan<byte> head);

    /// <summary>Takes the next piece; gives the name of the last frame whose head has been seen.</summary>
    public string Next(ReadOnlySpan<byte> piece)
    {
        while (!piece.IsEmpty)
        {
            if (_skip > 0)
            {
                var skipped = (int)Math.Min(_skip, piece.Length);
                _skip -= skipped;
                piece = piece[skipped..];
                continue;
            }

            var taken = Math.Min(Wanted - _have, piece.Length);
            piece[..taken].CopyTo(_head.AsSpan(_have));
            _have += taken;
            piece = piece[taken..];
            if (_have >= sizeof(int) && _have == Wanted) EndHead();
        }

        return _last;
    }

    private int FrameBytes => BinaryPrimitives.ReadInt32BigEndian(_head);

    private int Wanted => _have < sizeof(int) ? sizeof(int) : sizeof(int) + Math.Clamp(FrameBytes, 0, HeadBytes);

    private void EndHead()
    {
        _last = name(_head.AsSpan(sizeof(int), _have - sizeof(int)));
        _skip = Math.Max(0, (long)FrameBytes - (_have - sizeof(int)));
        _have = 0;
    }
}
