using System.Collections.Generic;

namespace Reference.Rpc.Configuration;

/// <summary>How a definition says that an option is unknown or has a wrong value. Each sentence names the thing and the remedy.</summary>
public abstract class ConfigSentences
{
    /// <summary>For programs that configure themselves: what is wrong with the value.</summary>
    public static ConfigSentences Client { get; } = new ClientSentences();

    /// <summary>For people who write a server's file: what the value must be.</summary>
    public static ConfigSentences Server { get; } = new ServerSentences();

    /// <summary>There is no such option.</summary>
    /// <param name="subject">Who would have it.</param>
    /// <param name="name">The name as given.</param>
    /// <param name="known">The names that exist.</param>
    internal abstract string Unknown(string subject, string name, IReadOnlyCollection<string> known);

    /// <summary>The option cannot have that value.</summary>
    /// <param name="subject">Who has the option.</param>
    /// <param name="option">The option.</param>
    /// <param name="text">The value as given.</param>
    /// <param name="complaint">What is wrong with it.</param>
    internal abstract string Refused(string subject, ConfigOption option, string text, string complaint);

    private sealed class ClientSentences : ConfigSentences
    {
        internal override string Unknown(string subject, string name, IReadOnlyCollection<string> known)
        {
            var hint = NearestName.Of(name, known) is { } near ? $"did you mean {near}?" : $"the known ones are {string.Join(", ", known)}.";
            return $"The {subject} has no option \"{name}\"; {hint}";
        }

        internal override string Refused(string subject, ConfigOption option, string text, string complaint) =>
            $"The option {option.Name} cannot be \"{text}\": {complaint}.";
    }

    private sealed class ServerSentences : ConfigSentences
    {
        internal override string Unknown(string subject, string name, IReadOnlyCollection<string> known) =>
            $"There is no {subject} option {name}{(NearestName.Of(name, known) is { } near ? $"; did you mean {near}?" : ".")}";

        internal override string Refused(string subject, ConfigOption option, string text, string complaint) =>
            $"The {subject} option {option.Name} has the value '{text}', but expected is {option.Expected}.";
    }
}
