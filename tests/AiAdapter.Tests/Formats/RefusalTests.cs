using System.Text;
using System.Text.Json.Nodes;
using ApiSvc.AiAdapter.Formats;
using ApiSvc.AiAdapter.Hub;
using ApiSvc.AiAdapter.Tests.Translation;
using ApiSvc.AiAdapter.Translation;
using ApiSvc.FakeProviders;

namespace ApiSvc.AiAdapter.Tests.Formats;

/// <summary>What cannot be read or done is refused in the client's own words, and never left out in silence.</summary>
public sealed class RefusalTests
{
    [Theory]
    [InlineData(0, "{}", "model", "messages")]
    [InlineData(
        0,
        """{"model":"a","messages":[{"role":"wizard","content":"x"}]}""",
        "messages[0].role"
    )]
    [InlineData(
        0,
        """{"model":"a","messages":[{"role":"user"}],"temperature":9}""",
        "messages[0].content",
        "temperature"
    )]
    [InlineData(
        0,
        """{"model":"a","messages":[{"role":"assistant","tool_calls":[{"id":"1","type":"function","function":{"name":"f","arguments":"{"}}]}]}""",
        "messages[0].tool_calls[0].function.arguments"
    )]
    [InlineData(
        0,
        """{"model":"a","messages":[{"role":"user","content":"x"}],"tool_choice":{"type":"function","function":{"name":"f"}}}""",
        "tool_choice"
    )]
    [InlineData(1, """{"model":"a"}""", "input")]
    [InlineData(
        1,
        """{"model":"a","input":[{"type":"function_call","call_id":"1","name":"f","arguments":"x"}]}""",
        "input[0].arguments"
    )]
    [InlineData(2, """{"model":"a","messages":[{"role":"user","content":"x"}]}""", "max_tokens")]
    [InlineData(
        2,
        """{"model":"a","max_tokens":9,"messages":[{"role":"user","content":[{"type":"text"}]}]}""",
        "messages[0].content[0].text"
    )]
    [InlineData(
        3,
        """{"model":"a","max_tokens":9,"temperature":1,"messages":[{"role":"user","content":"x"}]}""",
        "temperature"
    )]
    [InlineData(
        3,
        """{"model":"a","max_tokens":9,"messages":[{"role":"assistant","content":[{"type":"document","source":{"type":"text","data":"x"}}]}]}""",
        "messages[0].content[0]"
    )]
    [InlineData(
        3,
        """{"model":"a","max_tokens":9,"messages":[{"role":"user","content":[{"type":"text","text":"x","citations":[{}]}]}]}""",
        "messages[0].content[0].citations"
    )]
    public void Read_Wrong_NamesEveryField(int client, string body, params string[] paths)
    {
        var format = Families.Inbound[client];

        var problems = format
            .ReadRequest(Encoding.UTF8.GetBytes(body))
            .ShouldBeOfType<ReadOutcome.Refused>()
            .Problems;

        problems.Select(problem => problem.Path).ShouldBe(paths, ignoreOrder: true);
        var reply = format.WriteProblems(problems, "c1");
        reply.Status.ShouldBe(400);
        var error = JsonNode.Parse(reply.Body)!["error"]!;
        ((string)error["type"]!).ShouldBe("invalid_request_error");
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("")]
    public void Read_NoJsonObject_IsRefused(string body) =>
        Families.Inbound.ShouldAllBe(format =>
            format.ReadRequest(Encoding.UTF8.GetBytes(body)) is ReadOutcome.Refused
        );

    [Theory]
    [InlineData("anthropic", "\"seed\":1", "seed")]
    [InlineData("anthropic", "\"n\":2", "n")]
    [InlineData("anthropic", "\"logit_bias\":{\"1\":1}", "logit_bias")]
    [InlineData("anthropic", "\"temperature\":1.5", "temperature")]
    [InlineData("anthropic", "\"frequency_penalty\":1", "frequency_penalty")]
    [InlineData("anthropic", "\"logprobs\":true", "logprobs")]
    [InlineData("anthropic", "\"audio\":{\"voice\":\"x\"}", "audio")]
    [InlineData("openai-responses", "\"stop\":[\"x\"]", "stop")]
    [InlineData("openai-responses", "\"seed\":1", "seed")]
    [InlineData("gemini", "\"logit_bias\":{\"1\":1}", "logit_bias")]
    [InlineData("gemini", "\"stop\":[\"1\",\"2\",\"3\",\"4\",\"5\",\"6\"]", "stop")]
    [InlineData("bedrock", "\"seed\":1", "seed")]
    [InlineData("bedrock", "\"response_format\":{\"type\":\"json_object\"}", "response_format")]
    [InlineData(
        "ollama",
        "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}],\"tool_choice\":\"required\"",
        "tool_choice"
    )]
    [InlineData("gemini", "\"tools\":[{\"type\":\"custom\",\"custom\":{\"name\":\"f\"}}]", "tools")]
    public void Write_WhatTheProviderCannotDo_IsRefusedOrSaid(
        string family,
        string field,
        string name
    )
    {
        var wire = RequestTests.Wire(family);
        var request = RequestTests.Read(
            0,
            $$"""{"model":"a","messages":[{"role":"user","content":"x"}],{{field}}}"""
        );

        var problem = Families
            .All[family]
            .WriteRequest(request, new(wire.Deployment(), default))
            .ShouldBeOfType<WriteOutcome.Refused>()
            .Problems.ShouldHaveSingleItem();

        problem.Path.ShouldBe(name);
        problem.Reason.ShouldBe(ProblemReason.Unsupported);
    }

    [Fact]
    public void Write_DeploymentThatDrops_WarnsInstead()
    {
        var deployment = RequestTests.Wire("anthropic").Deployment() with
        {
            DropUnsupported = true,
        };
        var request = RequestTests.Read(
            0,
            """{"model":"a","messages":[{"role":"user","content":"x"}],"seed":1,"n":2}"""
        );

        var ready = Families
            .All["anthropic"]
            .WriteRequest(request, new(deployment, default))
            .ShouldBeOfType<WriteOutcome.Ready>();

        ready.Request.Warnings.Count.ShouldBe(2);
        ready.Request.Warnings.ShouldAllBe(warning =>
            warning.StartsWith("seed ", StringComparison.Ordinal)
            || warning.StartsWith("n ", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void Write_BlockOfOneFormatOnly_IsRefusedWithItsPlace()
    {
        const string Body =
            """{"model":"a","max_tokens":9,"messages":[{"role":"user","content":[{"type":"text","text":"x"},{"type":"container_upload","file_id":"f"}]}]}""";
        foreach (var wire in FakeWire.All.Where(wire => wire.Family != "anthropic"))
        {
            Families
                .All[wire.Family]
                .WriteRequest(RequestTests.Read(2, Body), new(wire.Deployment(), default))
                .ShouldBeOfType<WriteOutcome.Refused>($"{wire}")
                .Problems.ShouldHaveSingleItem()
                .Path.ShouldBe("messages[0].content[1]");
        }
    }

    [Fact]
    public void Write_NewerVersionOfAnthropic_TakesNoSampling()
    {
        var deployment = RequestTests.Wire("anthropic").Deployment() with
        {
            ApiVersion = "2026-10-21",
        };
        var request = RequestTests.Read(
            0,
            """{"model":"a","messages":[{"role":"user","content":"x"}],"temperature":0.5}"""
        );

        Families
            .All["anthropic"]
            .WriteRequest(request, new(deployment, default))
            .ShouldBeOfType<WriteOutcome.Refused>()
            .Problems.ShouldHaveSingleItem()
            .Path.ShouldBe("temperature");
    }
}
