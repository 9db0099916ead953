using System.Collections.Generic;

namespace Scenarios.Observation;

/// <summary>
/// A ghost variable: the records that some replica has shown below its high watermark, offset by offset. Once there, a record must
/// never be another one anywhere.
/// </summary>
public sealed class CommittedLog
{
    private readonly List<ulong> _identities = [];

    /// <summary>The offset after the last committed record.</summary>
    public long End => _identities.Count;

    /// <summary>Which record was committed at an offset.</summary>
    public ulong IdentityAt(long offset) => _identities[(int)offset];

    /// <summary>A replica shows its records below <paramref name="highWatermark"/> as committed.</summary>
    public void Extend(ShadowLog log, long highWatermark)
    {
        for (var offset = End; offset < highWatermark && offset < log.End; offset++) _identities.Add(log.IdentityAt(offset));
    }
}
