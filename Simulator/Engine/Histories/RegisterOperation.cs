using System.Globalization;

namespace Simulator.Engine.Histories;

/// <summary>What became of an operation, as far as its client knows.</summary>
public enum OperationOutcome
{
    /// <summary>No answer (yet): it may have had its effect, or have it later, or never.</summary>
    Unknown,

    /// <summary>Answered: it had its effect between its beginning and its end.</summary>
    Done,

    /// <summary>Refused: it had no effect and never will.</summary>
    Refused,
}

/// <summary>A read or a write of one key by one client.</summary>
public sealed class RegisterOperation
{
    private readonly SimWorld _world;

    internal RegisterOperation(SimWorld world, string client, string key, bool isWrite, string? value)
    {
        _world = world;
        Client = client;
        Key = key;
        IsWrite = isWrite;
        Value = value;
        BeginMicros = world.NowMicros;
    }

    /// <summary>Who did it.</summary>
    public string Client { get; }

    /// <summary>Of which key.</summary>
    public string Key { get; }

    /// <summary>Whether it writes.</summary>
    public bool IsWrite { get; }

    /// <summary>What was written or read; null for a read that found nothing.</summary>
    public string? Value { get; private set; }

    /// <summary>True time of its beginning in microseconds.</summary>
    public long BeginMicros { get; }

    /// <summary>True time of its end in microseconds; <see cref="long.MaxValue"/> while there is none.</summary>
    public long EndMicros { get; private set; } = long.MaxValue;

    /// <summary>What became of it.</summary>
    public OperationOutcome Outcome { get; private set; }

    /// <summary>A write was acknowledged.</summary>
    public void Acknowledge() => End(OperationOutcome.Done);

    /// <summary>A read was answered; null if there was no value.</summary>
    public void Answer(string? value)
    {
        Value = value;
        End(OperationOutcome.Done);
    }

    /// <summary>The operation was refused: it had no effect. (A timeout is no refusal: leave such an operation as it is.)</summary>
    public void Refuse() => End(OperationOutcome.Refused);

    /// <summary>"client-1 put x = 3 [1.500000, 1.620000]".</summary>
    public override string ToString()
    {
        var what = IsWrite ? $"put {Key} = {Value}" : $"get {Key} -> {Value ?? "nothing"}";
        var end = EndMicros == long.MaxValue ? "no answer" : Seconds(EndMicros);
        return $"{Client} {what} [{Seconds(BeginMicros)}, {end}]";
    }

    private static string Seconds(long micros) => (micros / 1e6).ToString("F6", CultureInfo.InvariantCulture);

    private void End(OperationOutcome outcome)
    {
        Outcome = outcome;
        EndMicros = _world.NowMicros;
    }
}
