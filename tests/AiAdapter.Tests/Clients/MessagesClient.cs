using System.Text;
using System.Text.Json.Nodes;
using ApiSvc.AiAdapter.Translation;
using ApiSvc.FakeProviders;

namespace ApiSvc.AiAdapter.Tests.Clients;

internal sealed class MessagesClient(int version) : Client($"anthropic client {version}")
{
    public override InboundFormat Format => Inbound(2 + version);

    public override string Request(bool stream) =>
        $$$"""
            {"model":"alias","max_tokens":100,"messages":[{"role":"user","content":"Hi"}],
             "stream":{{{(stream ? "true" : "false")}}},
             "tools":[{"name":"now","input_schema":{"type":"object"}}]}
            """;

    public override ClientAnswer Read(byte[] stream)
    {
        var state = new State(version);
        var events = Events(stream);
        for (var i = 0; i < events.Count; i++)
        {
            var (name, text) = events[i];
            var data = Json(text);
            Text(data["type"]).ShouldBe(name);
            var isLast = i == events.Count - 1;
            if (name == "error")
            {
                isLast.ShouldBeTrue("an error comes last");
                return state.Answer(Text(data["error"]!["message"]));
            }

            (i == 0).ShouldBe(name == "message_start", "it comes first and once");
            if (name == "message_stop")
            {
                isLast.ShouldBeTrue("it comes last");
                state.Finish.ShouldNotBeEmpty();
                return state.Answer(null);
            }

            state.Take(name, data);
        }

        throw new InvalidOperationException(
            "The stream ended without message_stop and without an error."
        );
    }

    public override ClientAnswer ReadWhole(byte[] body)
    {
        var root = Json(Encoding.UTF8.GetString(body));
        CheckNulls(root, version);
        var content = root["content"]!.AsArray();
        return new(
            string.Concat(
                content.Where(b => Text(b!["type"]) == "text").Select(b => Text(b!["text"]))
            ),
            string.Concat(
                content.Where(b => Text(b!["type"]) == "thinking").Select(b => Text(b!["thinking"]))
            ),
            [
                .. content
                    .Where(b => Text(b!["type"]) == "tool_use")
                    .Select(b => new ScriptCall(
                        Text(b!["id"]),
                        Text(b["name"]),
                        b["input"]!.AsObject().ToJsonString()
                    )),
            ],
            FinishOf(Text(root["stop_reason"])),
            UsageOf(root["usage"]!),
            null
        );
    }

    private static void CheckNulls(JsonNode message, int version) =>
        message.AsObject().ContainsKey("stop_details").ShouldBe(version == 1);

    private static string FinishOf(string word) =>
        word switch
        {
            "tool_use" => "tools",
            "max_tokens" => "length",
            "refusal" => "filtered",
            "end_turn" or "stop_sequence" => "end",
            _ => throw new InvalidOperationException(word),
        };

    private static ScriptUsage UsageOf(JsonNode usage)
    {
        var cached = Number(usage["cache_read_input_tokens"]);
        var written = Number(usage["cache_creation_input_tokens"]);
        var reasoning = usage["output_tokens_details"]?["thinking_tokens"];
        return new(
            Number(usage["input_tokens"]) + cached + written,
            cached,
            written,
            Number(usage["output_tokens"]),
            Number(reasoning)
        );
    }

    private sealed class State(int version)
    {
        private readonly StringBuilder _text = new();
        private readonly StringBuilder _reasoning = new();
        private readonly List<ScriptCall> _calls = [];
        private JsonNode? _open;
        private StringBuilder _fragments = new();
        private int _next;

        public string Finish { get; private set; } = "";

        private ScriptUsage? _usage;

        public void Take(string name, JsonNode data)
        {
            switch (name)
            {
                case "message_start":
                    var message = data["message"]!;
                    message["content"]!.AsArray().Count.ShouldBe(0);
                    CheckNulls(message, version);
                    UsageOf(message["usage"]!);
                    break;
                case "content_block_start":
                    _open.ShouldBeNull("blocks do not overlap");
                    Number(data["index"]).ShouldBe(_next++);
                    _open = data["content_block"]!;
                    _fragments = new();
                    break;
                case "content_block_delta":
                    Number(data["index"]).ShouldBe(_next - 1);
                    Delta(data["delta"]!);
                    break;
                case "content_block_stop":
                    Number(data["index"]).ShouldBe(_next - 1);
                    Stop();
                    break;
                case "message_delta":
                    _open.ShouldBeNull();
                    Finish.ShouldBeEmpty();
                    Finish = FinishOf(Text(data["delta"]!["stop_reason"]));
                    _usage = UsageOf(data["usage"]!);
                    break;
                default:
                    throw new InvalidOperationException(name);
            }
        }

        public ClientAnswer Answer(string? error)
        {
            if (error is null)
            {
                (Finish == "tools").ShouldBe(_calls.Count > 0);
            }

            return new(_text.ToString(), _reasoning.ToString(), _calls, Finish, _usage, error);
        }

        private void Delta(JsonNode delta)
        {
            var (type, field) = Text(_open.ShouldNotBeNull()["type"]) switch
            {
                "text" => ("text_delta", "text"),
                "tool_use" => ("input_json_delta", "partial_json"),
                "thinking" when Text(delta["type"]) == "signature_delta" => (
                    "signature_delta",
                    "signature"
                ),
                "thinking" => ("thinking_delta", "thinking"),
                var other => throw new InvalidOperationException(other),
            };
            Text(delta["type"]).ShouldBe(type);
            if (field != "signature")
            {
                _fragments.Append(Text(delta[field]));
            }
        }

        private void Stop()
        {
            var open = _open.ShouldNotBeNull();
            var text = _fragments.ToString();
            switch (Text(open["type"]))
            {
                case "text":
                    text.ShouldNotBeEmpty("no empty text block is invented");
                    _text.Append(text);
                    break;
                case "thinking":
                    _reasoning.Append(text);
                    break;
                case "tool_use":
                    open["input"]!.AsObject().Count.ShouldBe(0);
                    open.AsObject().ContainsKey("caller").ShouldBe(version == 1);
                    _calls.Add(
                        new(Text(open["id"]), Text(open["name"]), text.Length == 0 ? "{}" : text)
                    );
                    break;
            }

            _open = null;
        }
    }
}
