using System;
using System.IO;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Text;
using Reference.Wire;
using Reference.Wire.Schema;
using Xunit;

namespace Tests.Reference.Wire;

/// <summary>
/// Verifies that the bytes of a fixed instance of every message in every version never change unnoticed. That they
/// are Kafka's bytes is verified by ForeignBytesTests.
/// </summary>
public sealed class GoldenBytesTests
{
    public static TheoryData<ApiKey> Apis => [.. MessageCatalog.All.Select(m => MessageCatalog.Attribute(m).Api).Distinct()];

    [Theory]
    [MemberData(nameof(Apis))]
    public void Bytes_are_as_approved(ApiKey api)
    {
        var text = new StringBuilder();
        foreach (var message in MessageCatalog.All.Where(m => MessageCatalog.Attribute(m).Api == api))
        {
            foreach (var version in MessageCatalog.Versions(message))
            {
                var instance = InstanceMaker.Make(message, version, new CountingSource());
                var kind = MessageCatalog.Attribute(message).Kind == MessageKind.Request ? "request" : "response";
                text.Append($"{kind} v{version} {Convert.ToHexStringLower(Frames.EncodeBody(instance, version))}\n");
            }
        }

        AssertApproved(api.ToString(), text.ToString());
    }

    /// <summary>On a difference leaves a received file beside the approved one, to be looked at and renamed.</summary>
    private static void AssertApproved(string name, string actual, [CallerFilePath] string here = "")
    {
        var folder = Path.Combine(Path.GetDirectoryName(here)!, "Golden");
        var verified = Path.Combine(folder, name + ".verified.txt");
        var received = Path.Combine(folder, name + ".received.txt");
        var approved = File.Exists(verified) ? File.ReadAllText(verified) : "";
        if (approved == actual)
        {
            File.Delete(received);
            return;
        }

        File.WriteAllText(received, actual);
        Assert.Fail($"The bytes of {name} differ from {verified}; what was produced stands in {received}.");
    }
}
