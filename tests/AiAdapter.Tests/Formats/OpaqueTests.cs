using System.Text.Json.Nodes;
using ApiSvc.AiAdapter.Formats;
using ApiSvc.AiAdapter.Hub;
using ApiSvc.AiAdapter.Providers;
using ApiSvc.AiAdapter.Tests.Clients;
using ApiSvc.AiAdapter.Tests.Translation;
using ApiSvc.AiAdapter.Translation;
using ApiSvc.FakeProviders;
using FsCheck;
using FsCheck.Fluent;

namespace ApiSvc.AiAdapter.Tests.Formats;

/// <summary>Signatures go back to where they came from, and nowhere else.</summary>
public sealed class OpaqueTests
{
    private static readonly Script Signed = new(
        [new ScriptReasoning(["thought"], "U0lHTkFUVVJF"), new ScriptText(["answer"])],
        "end",
        new(1, 0, 0, 1, 0)
    );

    [Fact]
    public void FromToken_WhatToTokenMade_IsTheSame() =>
        Prop.ForAll<NonNull<string>, byte>(
                (data, kind) =>
                {
                    var opaque = new Opaque(
                        (OpaqueKind)(kind % 4),
                        data.Get,
                        new Provenance("p", "m", "k").Fingerprint
                    );
                    return Opaque.FromToken(opaque.ToToken(), OpaqueKind.Signature, "x") == opaque;
                }
            )
            .QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("anthropic", "signature")]
    [InlineData("bedrock", "signature")]
    [InlineData("openai-responses", "encrypted_content")]
    public void Replay_ThroughAnyClient_ReachesItsOwnDeploymentOnly(string family, string field)
    {
        var wire = RequestTests.Wire(family);
        foreach (var client in Client.All)
        {
            var (output, _) = Pairs.Translate(client, wire, [FakeWire.Join(wire.Stream(Signed))]);
            var token = Token(output);
            token.ShouldNotBe("U0lHTkFUVVJF");
            var request = RequestTests.Read(2, Conversation(token));

            Sent(request, wire.Deployment()).ShouldContain($"\"{field}\":\"U0lHTkFUVVJF\"");
            foreach (var other in FakeWire.All.Where(other => other != wire))
            {
                Sent(request, other.Deployment()).ShouldNotContain("U0lHTkFUVVJF");
            }

            Sent(request, wire.Deployment() with { Model = "another" })
                .ShouldNotContain("U0lHTkFUVVJF");
            Sent(request, wire.Deployment() with { KeyName = "key-2" })
                .ShouldNotContain("U0lHTkFUVVJF");
        }
    }

    [Fact]
    public void Replay_SignedCallOfGemini_ComesBackOnItsCall()
    {
        var wire = RequestTests.Wire("gemini");
        const string Answer =
            """{"candidates":[{"content":{"parts":[{"functionCall":{"name":"f","args":{}},"thoughtSignature":"U0lH"}]},"finishReason":"STOP"}],"modelVersion":"m"}""";
        var fold = new AnswerFold();
        Families
            .All["gemini"]
            .ReadAnswer(
                System.Text.Encoding.UTF8.GetBytes(Answer),
                new(wire.Deployment(), "c1"),
                fold
            );
        var blocks = fold.Answer.ShouldNotBeNull().Blocks;
        blocks.Select(block => block.Kind).ShouldBe([BlockKind.Reasoning, BlockKind.ToolUse]);
        var body = $$$"""
            {"model":"a","max_tokens":9,"messages":[{"role":"user","content":"x"},{"role":"assistant","content":[
             {"type":"thinking","thinking":"","signature":"{{{blocks[0].Opaque!.ToToken()}}}"},
             {"type":"tool_use","id":"{{{blocks[1].Id}}}","name":"f","input":{}}]},
             {"role":"user","content":[{"type":"tool_result","tool_use_id":"{{{blocks[
                1
            ].Id}}}","content":"y"}]}]}
            """;

        var sent = JsonNode.Parse(Sent(RequestTests.Read(2, body), wire.Deployment()))!;

        var part = sent["contents"]![1]!["parts"]!.AsArray().ShouldHaveSingleItem()!;
        ((string)part["functionCall"]!["name"]!).ShouldBe("f");
        ((string)part["thoughtSignature"]!).ShouldBe("U0lH");
    }

    private static string Conversation(string token) =>
        $$"""
            {"model":"a","max_tokens":9,"messages":[{"role":"user","content":"x"},{"role":"assistant","content":[
             {"type":"thinking","thinking":"thought","signature":"{{token}}"},{"type":"text","text":"answer"}]},
             {"role":"user","content":"and?"}]}
            """;

    private static string Token(byte[] output)
    {
        var text = System.Text.Encoding.UTF8.GetString(output);
        var at = text.IndexOf("as1.", StringComparison.Ordinal);
        at.ShouldBeGreaterThan(0);
        return text[at..text.IndexOf('"', at)];
    }

    private static string Sent(HubRequest request, Deployment deployment) =>
        System.Text.Encoding.UTF8.GetString(
            Families
                .All[deployment.Provider.Family]
                .WriteRequest(request, new(deployment, default))
                .ShouldBeOfType<WriteOutcome.Ready>()
                .Request.Body.Span
        );
}
