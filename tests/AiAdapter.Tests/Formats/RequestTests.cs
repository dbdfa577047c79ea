using System.Text;
using System.Text.Json.Nodes;
using ApiSvc.AiAdapter.Formats;
using ApiSvc.AiAdapter.Hub;
using ApiSvc.AiAdapter.Providers;
using ApiSvc.AiAdapter.Tests.Translation;
using ApiSvc.AiAdapter.Translation;
using ApiSvc.FakeProviders;

namespace ApiSvc.AiAdapter.Tests.Formats;

/// <summary>A conversation with everything in it, told to each provider from each client's format.</summary>
public sealed class RequestTests
{
    private const string Chat = """
        {"model":"alias","temperature":0.5,"max_completion_tokens":500,"stop":"END","messages":[
         {"role":"developer","content":"Be brief."},
         {"role":"user","content":[{"type":"text","text":"Look:"},
          {"type":"image_url","image_url":{"url":"data:image/png;base64,QUJD"}}]},
         {"role":"assistant","content":null,"tool_calls":[
          {"id":"call:1","type":"function","function":{"name":"get","arguments":"{\"q\":\"é\"}"}},
          {"id":"call_2","type":"function","function":{"name":"now","arguments":""}}]},
         {"role":"tool","tool_call_id":"call:1","content":"{\"found\":true}"},
         {"role":"tool","tool_call_id":"call_2","content":"noon"},
         {"role":"user","content":"So?"}],
         "tools":[{"type":"function","function":{"name":"get","description":"Gets","parameters":{"type":"object"}}},
          {"type":"function","function":{"name":"now"}}],
         "tool_choice":"required",
         "response_format":{"type":"json_schema","json_schema":{"name":"n","schema":{"type":"object"},"strict":true}}}
        """;

    private const string Messages = """
        {"model":"alias","temperature":0.5,"max_tokens":500,"stop_sequences":["END"],"system":"Be brief.","messages":[
         {"role":"user","content":[{"type":"text","text":"Look:"},
          {"type":"image","source":{"type":"base64","media_type":"image/png","data":"QUJD"}}]},
         {"role":"assistant","content":[{"type":"tool_use","id":"call:1","name":"get","input":{"q":"é"}},
          {"type":"tool_use","id":"call_2","name":"now","input":{}}]},
         {"role":"user","content":[{"type":"tool_result","tool_use_id":"call:1","content":"{\"found\":true}"},
          {"type":"tool_result","tool_use_id":"call_2","content":[{"type":"text","text":"noon"}]},
          {"type":"text","text":"So?"}]}],
         "tools":[{"name":"get","description":"Gets","input_schema":{"type":"object"}},
          {"name":"now","input_schema":{"type":"object"}}],
         "tool_choice":{"type":"any"},
         "output_config":{"format":{"type":"json_schema","schema":{"type":"object"}}}}
        """;

    private const string Responses = """
        {"model":"alias","temperature":0.5,"max_output_tokens":500,"instructions":"Be brief.","input":[
         {"role":"user","content":[{"type":"input_text","text":"Look:"},
          {"type":"input_image","image_url":"data:image/png;base64,QUJD"}]},
         {"type":"function_call","call_id":"call:1","name":"get","arguments":"{\"q\":\"é\"}"},
         {"type":"function_call","call_id":"call_2","name":"now","arguments":"{}"},
         {"type":"function_call_output","call_id":"call:1","output":"{\"found\":true}"},
         {"type":"function_call_output","call_id":"call_2","output":"noon"},
         {"role":"user","content":"So?"}],
         "tools":[{"type":"function","name":"get","description":"Gets","parameters":{"type":"object"}},
          {"type":"function","name":"now","parameters":null}],
         "tool_choice":"required",
         "text":{"format":{"type":"json_schema","name":"n","schema":{"type":"object"}}}}
        """;

    private static readonly string[] Bodies = [Chat, Responses, Messages];

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Write_WholeConversation_EveryProviderGetsAllOfIt(int client)
    {
        foreach (
            var wire in FakeWire.All.Where(wire =>
                wire.Family is not ("ollama" or "openai-responses")
            )
        )
        {
            var body = Write(client, Bodies[client], wire.Deployment());

            var text = body.ToJsonString();
            foreach (
                var part in (string[])
                    ["Be brief.", "Look:", "QUJD", "get", "now", "found", "noon", "So?"]
            )
            {
                text.ShouldContain(part, Case.Sensitive, $"{wire}");
            }
        }
    }

    [Fact]
    public void Write_ToAnthropic_ResultsOfATurnAreOneMessageAndIdsMatch()
    {
        var body = Write(0, Chat, Wire("anthropic").Deployment());

        var messages = body["messages"]!.AsArray();
        messages
            .Select(message => (string)message!["role"]!)
            .ShouldBe(["user", "assistant", "user"]);
        var calls = messages[1]!["content"]!.AsArray();
        var results = messages[2]!["content"]!.AsArray();
        results
            .Select(block => (string)block!["type"]!)
            .ShouldBe(["tool_result", "tool_result", "text"]);
        for (var i = 0; i < 2; i++)
        {
            var id = (string)calls[i]!["id"]!;
            ((string)results[i]!["tool_use_id"]!).ShouldBe(id);
            id.ShouldMatch("^[a-zA-Z0-9_-]+$");
        }

        calls[1]!["input"]!.AsObject().Count.ShouldBe(0);
        ((string)body["tool_choice"]!["type"]!).ShouldBe("any");
        ((long)body["max_tokens"]!).ShouldBe(500);
        ((string)body["output_config"]!["format"]!["type"]!).ShouldBe("json_schema");
        ((string)body["system"]![0]!["text"]!).ShouldBe("Be brief.");
    }

    [Fact]
    public void Write_ToGemini_ResultsAreFoundByNameAndTextsAreWrapped()
    {
        var body = Write(2, Messages, Wire("gemini").Deployment());

        var contents = body["contents"]!.AsArray();
        contents.Select(content => (string)content!["role"]!).ShouldBe(["user", "model", "user"]);
        var results = contents[2]!["parts"]!.AsArray();
        ((string)results[0]!["functionResponse"]!["name"]!).ShouldBe("get");
        ((bool)results[0]!["functionResponse"]!["response"]!["found"]!).ShouldBeTrue();
        ((string)results[1]!["functionResponse"]!["response"]!["result"]!).ShouldBe("noon");
        ((string)body["toolConfig"]!["functionCallingConfig"]!["mode"]!).ShouldBe("ANY");
        ((string)body["generationConfig"]!["responseMimeType"]!).ShouldBe("application/json");
    }

    [Fact]
    public void Write_ToChat_EachResultIsItsOwnMessage()
    {
        var body = Write(2, Messages, Wire("openai-chat").Deployment());

        body["messages"]!
            .AsArray()
            .Select(message => (string)message!["role"]!)
            .ShouldBe(["system", "user", "assistant", "tool", "tool", "user"]);
        ((string)body["messages"]![2]!["tool_calls"]![0]!["function"]!["arguments"]!).ShouldBe(
            """{"q":"é"}"""
        );
        ((string)body["tool_choice"]!).ShouldBe("required");
    }

    [Fact]
    public void Write_ToBedrock_AddressIsEscapedAndSigned()
    {
        var deployment = Wire("bedrock").Deployment();
        deployment = deployment with
        {
            Model = "anthropic.claude-opus-4-5-20251101-v1:0",
            Provider = deployment.Provider with
            {
                Address = "https://bedrock-runtime.{region}.amazonaws.com",
                Authentication = new(AuthenticationKind.SigV4),
            },
            Places = new Dictionary<string, string> { ["region"] = "eu-west-1" },
            Credential = Credential.Aws("AKID", "secret"),
        };

        var sent = Sent(2, Messages, deployment);

        sent.Address.AbsoluteUri.ShouldBe(
            "https://bedrock-runtime.eu-west-1.amazonaws.com/model/anthropic.claude-opus-4-5-20251101-v1%3A0/converse"
        );
        sent.Headers.Single(header => header.Key == "Authorization")
            .Value.ShouldStartWith(
                "AWS4-HMAC-SHA256 Credential=AKID/20261127/eu-west-1/bedrock/aws4_request, SignedHeaders=content-type;host;x-amz-date, "
            );
    }

    [Fact]
    public void Write_ToAzure_ClassicAndV1Addresses()
    {
        var deployment = BuiltIn("azure-openai") with
        {
            Places = new Dictionary<string, string> { ["resource"] = "res" },
            Credential = Credential.Key("k"),
        };

        Sent(0, Chat, deployment)
            .Address.AbsoluteUri.ShouldBe(
                "https://res.openai.azure.com/openai/v1/chat/completions"
            );
        var classic = Sent(0, Chat, deployment with { ApiVersion = "2025-04-01-preview" });
        classic.Address.AbsoluteUri.ShouldBe(
            "https://res.openai.azure.com/openai/deployments/some-model/chat/completions?api-version=2025-04-01-preview"
        );
        classic.Headers.ShouldContain(KeyValuePair.Create("api-key", "k"));
    }

    [Fact]
    public void Write_LinkedImage_IsFetchedWhereAddressesAreNotTaken()
    {
        const string Body =
            """{"model":"a","messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"https://x.example/i.png"}}]}]}""";
        var request = Read(0, Body);
        foreach (var wire in FakeWire.All)
        {
            var context = new WriteContext(wire.Deployment(), default);
            var family = Families.All[wire.Family];
            if (wire.Family is "openai-chat" or "openai-responses" or "anthropic")
            {
                family.WriteRequest(request, context).ShouldBeOfType<WriteOutcome.Ready>();
                continue;
            }

            family
                .WriteRequest(request, context)
                .ShouldBeOfType<WriteOutcome.NeedsMedia>()
                .Links.ShouldBe(["https://x.example/i.png"]);
            var fetched = request with
            {
                Fetched = new Dictionary<string, Media.Inline>
                {
                    ["https://x.example/i.png"] = new("image/png", "RkVUQ0g="),
                },
            };
            var ready = family.WriteRequest(fetched, context).ShouldBeOfType<WriteOutcome.Ready>();
            Encoding.UTF8.GetString(ready.Request.Body.Span).ShouldContain("RkVUQ0g=");
        }
    }

    [Fact]
    public void Write_Quirks_AreKept()
    {
        var mistral = Write(
            0,
            Chat.Replace("\"stop\"", "\"seed\":7,\"stop\"", StringComparison.Ordinal),
            BuiltIn("mistral")
        );
        ((long)mistral["random_seed"]!).ShouldBe(7);
        ((long)mistral["max_tokens"]!).ShouldBe(500);
        ((string)mistral["tool_choice"]!).ShouldBe("any");
        var id = (string)mistral["messages"]![2]!["tool_calls"]![0]!["id"]!;
        id.ShouldMatch("^[a-zA-Z0-9]{9}$");
        ((string)mistral["messages"]![3]!["tool_call_id"]!).ShouldBe(id);

        var deepseek = Write(
            0,
            """
            {"model":"a","reasoning_effort":"none","messages":[{"role":"user","content":"Hi"},
             {"role":"assistant","content":"Yes","reasoning_content":"thought"},{"role":"user","content":"And?"}]}
            """,
            BuiltIn("deepseek")
        );
        ((string)deepseek["messages"]![1]!["reasoning_content"]!).ShouldBe("thought");
        ((string)deepseek["thinking"]!["type"]!).ShouldBe("disabled");
    }

    internal static HubRequest Read(int client, string body) =>
        Families
            .Inbound[client]
            .ReadRequest(Encoding.UTF8.GetBytes(body))
            .ShouldBeOfType<ReadOutcome.Read>()
            .Request;

    internal static FakeWire Wire(string family) =>
        FakeWire.All.Single(wire => wire.Family == family);

    private static Deployment BuiltIn(string provider) =>
        new()
        {
            Name = "d",
            Provider = ApiSvc.AiAdapter.Catalogue.BuiltInData.Providers()[provider],
            Model = "some-model",
            KeyName = "k",
        };

    private static ProviderRequest Sent(int client, string body, Deployment deployment) =>
        Families
            .All[deployment.Provider.Family]
            .WriteRequest(
                Read(client, body),
                new(deployment, new(2026, 11, 27, 0, 0, 0, TimeSpan.Zero))
            )
            .ShouldBeOfType<WriteOutcome.Ready>()
            .Request;

    private static JsonNode Write(int client, string body, Deployment deployment) =>
        JsonNode.Parse(Sent(client, body, deployment).Body.Span).ShouldNotBeNull();
}
