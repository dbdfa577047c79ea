using System.Text;
using System.Text.Json.Nodes;
using ApiSvc.AiAdapter.Translation;
using ApiSvc.FakeProviders;

namespace ApiSvc.AiAdapter.Tests.Clients;

internal sealed class ResponsesClient() : Client("openai-responses client")
{
    public override InboundFormat Format => Inbound(1);

    public override string Request(bool stream) =>
        $$"""
            {"model":"alias","input":"Hi","stream":{{(stream ? "true" : "false")}},
             "tools":[{"type":"function","name":"now","parameters":null}]}
            """;

    public override ClientAnswer Read(byte[] stream)
    {
        var events = Events(stream);
        var items = new List<JsonNode>();
        JsonNode? open = null;
        var deltas = new StringBuilder();
        for (var i = 0; i < events.Count; i++)
        {
            var (name, text) = events[i];
            var data = Json(text);
            Text(data["type"]).ShouldBe(name);
            Number(data["sequence_number"]).ShouldBe(i, "numbers have no gaps");
            (i == 0).ShouldBe(name == "response.created");
            switch (name)
            {
                case "response.created" or "response.in_progress":
                    break;
                case "response.completed" or "response.incomplete" or "response.failed":
                    i.ShouldBe(events.Count - 1, "it comes last");
                    return End(name, data["response"]!, items);
                case "response.output_item.added":
                    open.ShouldBeNull();
                    Number(data["output_index"]).ShouldBe(items.Count);
                    open = data["item"]!;
                    deltas.Clear();
                    break;
                case "response.output_item.done":
                    var done = data["item"]!;
                    Text(done["id"]).ShouldBe(Text(open.ShouldNotBeNull()["id"]));
                    TextOf(done).ShouldBe(deltas.ToString());
                    items.Add(done);
                    open = null;
                    break;
                default:
                    Text(data["item_id"]).ShouldBe(Text(open.ShouldNotBeNull()["id"]));
                    Number(data["output_index"]).ShouldBe(items.Count);
                    if (name.EndsWith(".delta", StringComparison.Ordinal))
                    {
                        deltas.Append(Text(data["delta"]));
                    }

                    break;
            }
        }

        throw new InvalidOperationException("The stream ended without a last event.");
    }

    public override ClientAnswer ReadWhole(byte[] body)
    {
        var response = Json(Encoding.UTF8.GetString(body));
        return Fold(response, [.. response["output"]!.AsArray().Select(item => item!)], null);
    }

    private static ClientAnswer End(string name, JsonNode response, List<JsonNode> items)
    {
        Text(response["status"]).ShouldBe(name["response.".Length..]);
        var output = response["output"]!.AsArray();
        output.Count.ShouldBe(items.Count);
        for (var i = 0; i < items.Count; i++)
        {
            JsonNode
                .DeepEquals(output[i], items[i])
                .ShouldBeTrue("the end is the sum of the events");
        }

        return Fold(
            response,
            items,
            name == "response.failed" ? Text(response["error"]!["message"]) : null
        );
    }

    private static ClientAnswer Fold(JsonNode response, List<JsonNode> items, string? error)
    {
        var calls = Of(items, "function_call")
            .Select(item => new ScriptCall(
                Text(item["call_id"]),
                Text(item["name"]),
                Text(item["arguments"])
            ))
            .ToList();
        var finish = (Text(response["status"]), calls.Count > 0) switch
        {
            ("incomplete", _) => Text(response["incomplete_details"]!["reason"]) == "content_filter"
                ? "filtered"
                : "length",
            ("completed", true) => "tools",
            ("completed", false) => "end",
            _ => "",
        };
        return new(
            string.Concat(Of(items, "message").Select(TextOf)),
            string.Concat(Of(items, "reasoning").Select(TextOf)),
            calls,
            finish,
            response["usage"] is { } usage ? UsageOf(usage) : null,
            error
        );
    }

    private static IEnumerable<JsonNode> Of(List<JsonNode> items, string type) =>
        items.Where(item => Text(item["type"]) == type);

    private static string TextOf(JsonNode item) =>
        Text(item["type"]) switch
        {
            "message" => string.Concat(
                item["content"]!.AsArray().Select(part => Text(part!["text"] ?? part["refusal"]))
            ),
            "reasoning" => string.Concat(
                item["summary"]!.AsArray().Select(part => Text(part!["text"]))
            ),
            "function_call" => Text(item["arguments"]),
            var other => throw new InvalidOperationException(other),
        };

    private static ScriptUsage UsageOf(JsonNode usage) =>
        new(
            Number(usage["input_tokens"]),
            Number(usage["input_tokens_details"]!["cached_tokens"]),
            Number(usage["input_tokens_details"]!["cache_write_tokens"]),
            Number(usage["output_tokens"]),
            Number(usage["output_tokens_details"]!["reasoning_tokens"])
        );
}
