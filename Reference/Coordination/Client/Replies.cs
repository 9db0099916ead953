using Reference.Coordination.Jute;
using Simulator.Platform;

namespace Reference.Coordination.Client;

/// <summary>Reads what follows a reply's header.</summary>
/// <exception cref="JuteException">Malformed.</exception>
internal delegate T ReplyReader<out T>(ref JuteReader reader);

/// <summary>The readers of the replies that are more or less than one record.</summary>
internal static class Replies
{
    /// <summary>The reply has no body, or one that nobody asks for.</summary>
    public static Nothing Nothing(ref JuteReader reader) => default;

    /// <summary>A path.</summary>
    public static string Path(ref JuteReader reader) => reader.ReadString();

    /// <summary>A znode's data and stat.</summary>
    public static ZnodeData Data(ref JuteReader reader) => new(reader.ReadBytes(), Records.ReadStat(ref reader));

    /// <summary>A znode's children, in ordinal order, and its stat.</summary>
    public static ZnodeChildren Children(ref JuteReader reader)
    {
        var names = reader.ReadStrings();
        names.Sort(System.StringComparer.Ordinal);
        return new ZnodeChildren(names, Records.ReadStat(ref reader));
    }
}
