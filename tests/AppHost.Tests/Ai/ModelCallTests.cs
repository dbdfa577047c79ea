using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using ApiSvc.AppHost.Tests.Calls;
using ApiSvc.Contracts.AiUsage.V1;
using ApiSvc.FakeProviders;
using Aspire.Hosting.Testing;
using Confluent.Kafka;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace ApiSvc.AppHost.Tests.Ai;

/// <summary>
/// A team connects a provider and publishes an API of its models; an application calls it through the gateway with a key, as
/// clients of OpenAI do, and the call is counted.
/// </summary>
[Collection<OpenSuiteTests>]
public sealed class ModelCallTests(OpenSuite open) : IAsyncLifetime
{
    private const string Topic = "apisvc.ai-usage";

    private readonly Door _door = open.Door;
    private WebApplication _provider = null!;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _provider = builder.Build();
        _provider.MapProviders();
        await _provider.StartAsync();
    }

    public ValueTask DisposeAsync() => _provider.DisposeAsync();

    [Fact]
    public async Task Call_OfAModelThroughTheGateway_IsAnsweredAndCounted()
    {
        var model = await ConnectAsync("plain");
        var version = await open.Shop.DraftAsync("ai");
        await open.Shop.PublishVersionAsync(version);
        await open.Shop.BindAsync(version, "apisvc://aiadapter");
        await open.Shop.DeployAsync(version, "?wait=all&timeout=10s");

        var (whole, id) = await CallAsync(model, stream: false);
        var (streamed, _) = await CallAsync(model, stream: true);
        var listed = await SendAsync(HttpMethod.Get, "models", null);

        ((string?)JsonNode.Parse(whole)!["choices"]![0]!["message"]!["content"]).ShouldBe(
            "Hello there"
        );
        streamed.ShouldContain("data: [DONE]");
        listed.Text.ShouldContain(model);
        var record = await RecordAsync(id);
        record.Outcome.ShouldBe(AiOutcome.Completed);
        (record.VirtualModel, record.InputTokens, record.OutputTokens).ShouldBe((model, 9ul, 4ul));
        // 9 × 2 + 4 × 8 micro-units a token.
        (record.CostPico, record.Currency).ShouldBe((50_000_000, "EUR"));
        record.ApplicationId.Length.ShouldBe(16);
        record.CredentialPrefix.ShouldBe(open.Shop.Key[..record.CredentialPrefix.Length]);
        (await NobodyAsync()).ShouldBe(HttpStatusCode.Unauthorized);
    }

    private async Task<string> ConnectAsync(string behaviour)
    {
        var name = $"m-{Guid.NewGuid():n}";
        var connection = await CreateAsync(
            "connections",
            new()
            {
                ["name"] = name,
                ["custom"] = new JsonObject
                {
                    ["address"] = $"{_provider.Urls.Single()}/openai-chat",
                    ["local"] = true,
                },
            }
        );
        await CreateAsync(
            $"connections/{connection}/keys",
            new()
            {
                ["name"] = "first",
                ["secret"] = new JsonObject { ["key"] = "sk-1234567890-abcdefgh" },
            }
        );
        await CreateAsync(
            "models",
            new()
            {
                ["connectionId"] = connection,
                ["name"] = behaviour,
                ["prices"] = new JsonArray(
                    new JsonObject
                    {
                        ["from"] = "2026-01-01",
                        ["currency"] = "EUR",
                        ["input"] = 2,
                        ["output"] = 8,
                    }
                ),
            }
        );
        await CreateAsync(
            "virtual-models",
            new()
            {
                ["name"] = name,
                ["targets"] = new JsonArray(
                    new JsonObject { ["connectionId"] = connection, ["model"] = behaviour }
                ),
            }
        );
        return name;
    }

    private async Task<string> CreateAsync(string path, JsonObject body) =>
        (string)
            (
                await _door.ManageAsync(
                    "ai",
                    HttpMethod.Post,
                    $"teams/{open.Shop.Team}/{path}",
                    body
                )
            )["id"]!;

    // The adapter hears of a new model a moment later.
    private async Task<(string Text, Guid Id)> CallAsync(string model, bool stream)
    {
        var body = new JsonObject
        {
            ["model"] = model,
            ["stream"] = stream,
            ["messages"] = new JsonArray(
                new JsonObject { ["role"] = "user", ["content"] = "How are you?" }
            ),
        };
        var answer = await Eventually.GetAsync(
            () => SendAsync(HttpMethod.Post, "chat/completions", body),
            found => found.Status != HttpStatusCode.NotFound
        );
        answer.Status.ShouldBe(HttpStatusCode.OK, answer.Text);
        return (answer.Text, answer.Id);
    }

    private async Task<(HttpStatusCode Status, string Text, Guid Id)> SendAsync(
        HttpMethod method,
        string path,
        JsonObject? body
    )
    {
        using var request = new HttpRequestMessage(method, $"/demo/ai/v1/{path}")
        {
            Headers = { Authorization = new("Bearer", open.Shop.Key) },
            Content = body is null ? null : JsonContent.Create(body),
        };
        using var answer = await _door.Client.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return (
            answer.StatusCode,
            text,
            Guid.Parse(answer.Headers.GetValues("X-Request-Id").Single())
        );
    }

    private async Task<HttpStatusCode> NobodyAsync()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/demo/ai/v1/chat/completions")
        {
            Headers = { { "x-apisvc-caller", "forged" } },
            Content = new StringContent("{}", Encoding.UTF8, "application/json"),
        };
        using var answer = await _door.Client.SendAsync(request);
        return answer.StatusCode;
    }

    private async Task<AiUsage> RecordAsync(Guid id)
    {
        using var consumer = new ConsumerBuilder<byte[], byte[]>(
            new ConsumerConfig
            {
                BootstrapServers = await open.Suite.App.GetConnectionStringAsync("kafka"),
                GroupId = $"test-{id}",
                AutoOffsetReset = AutoOffsetReset.Earliest,
            }
        ).Build();
        consumer.Subscribe(Topic);
        var until = DateTimeOffset.UtcNow.AddSeconds(20);
        while (DateTimeOffset.UtcNow < until)
        {
            var found = Records(consumer)
                .FirstOrDefault(r => new Guid(r.CallId.Span, bigEndian: true) == id);
            if (found is not null)
            {
                consumer.Close();
                return found;
            }
        }

        throw new TimeoutException($"There is no record of the call {id} in Kafka.");
    }

    private static IEnumerable<AiUsage> Records(IConsumer<byte[], byte[]> consumer)
    {
        try
        {
            return consumer.Consume(TimeSpan.FromSeconds(1)) is { Message: { } message }
                ? AiUsageBatch.Parser.ParseFrom(message.Value).Records
                : [];
        }
        catch (ConsumeException absent) when (absent.Error.Code == ErrorCode.UnknownTopicOrPart)
        {
            // The first record makes the topic.
            return [];
        }
    }
}
