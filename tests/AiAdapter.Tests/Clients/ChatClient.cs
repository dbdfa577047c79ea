using System.Text;
using System.Text.Json.Nodes;
using ApiSvc.AiAdapter.Translation;
using ApiSvc.FakeProviders;

namespace ApiSvc.AiAdapter.Tests.Clients;

internal sealed class ChatClient() : Client("openai-chat client")
{
    public override InboundFormat Format => Inbound(0);

    public override string Request(bool stream) =>
        $$$"""
            {"model":"alias","messages":[{"role":"user","content":"Hi"}],"stream":{{{(
                stream ? "true,\"stream_options\":{\"include_usage\":true}" : "false"
            )}}},"tools":[{"type":"function","function":{"name":"now"}}]}
            """;

    public override ClientAnswer Read(byte[] stream)
    {
        var events = Events(stream);
        var state = new State();
        for (var i = 0; i < events.Count; i++)
        {
            events[i].Name.ShouldBeEmpty();
            if (events[i].Data == "[DONE]")
            {
                i.ShouldBe(events.Count - 1, "[DONE] comes last");
                state.Finish.ShouldNotBeEmpty();
                state.Usage.ShouldNotBeNull("it was asked for");
                return state.Answer(null);
            }

            var chunk = Json(events[i].Data);
            if (chunk["error"] is { } error)
            {
                i.ShouldBe(events.Count - 1, "an error comes last");
                return state.Answer(Text(error["message"]));
            }

            state.Take(chunk);
        }

        throw new InvalidOperationException(
            "The stream ended without [DONE] and without an error."
        );
    }

    public override ClientAnswer ReadWhole(byte[] body)
    {
        var root = Json(Encoding.UTF8.GetString(body));
        var choice = root["choices"]!.AsArray().ShouldHaveSingleItem()!;
        var message = choice["message"]!;
        return new(
            Text(message["content"]),
            Text(message["reasoning_content"]),
            [
                .. (message["tool_calls"]?.AsArray() ?? []).Select(call => new ScriptCall(
                    Text(call!["id"]),
                    Text(call["function"]!["name"]),
                    Text(call["function"]!["arguments"])
                )),
            ],
            FinishOf(Text(choice["finish_reason"])),
            UsageOf(root["usage"]!),
            null
        );
    }

    private static string FinishOf(string word) =>
        word switch
        {
            "tool_calls" => "tools",
            "length" => "length",
            "content_filter" => "filtered",
            "stop" => "end",
            _ => throw new InvalidOperationException(word),
        };

    private static ScriptUsage UsageOf(JsonNode usage)
    {
        Number(usage["total_tokens"])
            .ShouldBe(Number(usage["prompt_tokens"]) + Number(usage["completion_tokens"]));
        return new(
            Number(usage["prompt_tokens"]),
            Number(usage["prompt_tokens_details"]!["cached_tokens"]),
            Number(usage["prompt_tokens_details"]!["cache_write_tokens"]),
            Number(usage["completion_tokens"]),
            Number(usage["completion_tokens_details"]!["reasoning_tokens"])
        );
    }

    private sealed class State
    {
        private readonly StringBuilder _text = new();
        private readonly StringBuilder _reasoning = new();
        private readonly List<(string Id, string Name, StringBuilder Arguments)> _calls = [];
        private int _roles;

        public string Finish { get; private set; } = "";

        public ScriptUsage? Usage { get; private set; }

        public void Take(JsonNode chunk)
        {
            Usage.ShouldBeNull("counts come last");
            var choices = chunk["choices"]!.AsArray();
            if (choices.Count == 0)
            {
                Finish.ShouldNotBeEmpty();
                Usage = UsageOf(chunk["usage"]!);
                return;
            }

            Finish.ShouldBeEmpty("nothing comes after the finish reason");
            var choice = choices.ShouldHaveSingleItem()!;
            var delta = choice["delta"]!.AsObject();
            if (delta.ContainsKey("role"))
            {
                (++_roles).ShouldBe(1);
            }

            _roles.ShouldBe(1, "the role comes first");
            _text.Append(Text(delta["content"]));
            _reasoning.Append(Text(delta["reasoning_content"]));
            foreach (var call in delta["tool_calls"]?.AsArray() ?? [])
            {
                Call(call!);
            }

            if (choice["finish_reason"] is { } reason)
            {
                delta.Count.ShouldBe(0);
                Finish = FinishOf(Text(reason));
            }
        }

        public ClientAnswer Answer(string? error) =>
            new(
                _text.ToString(),
                _reasoning.ToString(),
                [
                    .. _calls.Select(call => new ScriptCall(
                        call.Id,
                        call.Name,
                        call.Arguments.ToString()
                    )),
                ],
                Finish,
                Usage,
                error
            );

        private void Call(JsonNode call)
        {
            var index = (int)Number(call["index"]);
            if (call["id"] is { } id)
            {
                index.ShouldBe(_calls.Count);
                Text(call["type"]).ShouldBe("function");
                _calls.Add((Text(id), Text(call["function"]!["name"]), new()));
            }

            _calls[index].Arguments.Append(Text(call["function"]!["arguments"]));
        }
    }
}
