using System.Text;
using System.Text.Json.Nodes;
using ApiSvc.AiAdapter.Formats;
using ApiSvc.AiAdapter.Translation;
using ApiSvc.FakeProviders;

namespace ApiSvc.AiAdapter.Tests.Clients;

/// <summary>What a client understood of an answer.</summary>
/// <param name="Error">The message of the error it ended with; null for an orderly end.</param>
internal sealed record ClientAnswer(
    string Text,
    string Reasoning,
    IReadOnlyList<ScriptCall> Calls,
    string Finish,
    ScriptUsage? Usage,
    string? Error
);

/// <summary>A client of one inbound format, written independently of the product; it checks what it reads.</summary>
internal abstract class Client(string name)
{
    public static IReadOnlyList<Client> All { get; } =
    [new ChatClient(), new ResponsesClient(), new MessagesClient(0), new MessagesClient(1)];

    public abstract InboundFormat Format { get; }

    /// <summary>A small request of this format.</summary>
    public abstract string Request(bool stream);

    public abstract ClientAnswer Read(byte[] stream);

    public abstract ClientAnswer ReadWhole(byte[] body);

    public override string ToString() => name;

    protected static InboundFormat Inbound(int index) => Families.Inbound[index];

    /// <summary>The events of a stream: name and data. What is not framed right fails here.</summary>
    protected static List<(string Name, string Data)> Events(byte[] stream)
    {
        var text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(stream);
        if (text.Length == 0)
        {
            return [];
        }

        text.ShouldEndWith("\n\n");
        return
        [
            .. text[..^2]
                .Split("\n\n")
                .Select(block =>
                {
                    var lines = block.Split('\n');
                    var named = lines.Length == 2;
                    lines.Length.ShouldBeInRange(1, 2);
                    if (named)
                    {
                        lines[0].ShouldStartWith("event: ");
                    }

                    lines[^1].ShouldStartWith("data: ");
                    return (
                        named ? lines[0]["event: ".Length..] : "",
                        lines[^1]["data: ".Length..]
                    );
                }),
        ];
    }

    protected static JsonNode Json(string data) => JsonNode.Parse(data).ShouldNotBeNull();

    protected static string Text(JsonNode? node) => node?.GetValue<string>() ?? "";

    protected static long Number(JsonNode? node) => node?.GetValue<long>() ?? 0;
}
