using System.Net.Sockets;
using System.Text.Json;
using ApiSvc.AiAdapter.Catalogue;
using ApiSvc.AiAdapter.Configuration;
using ApiSvc.AiAdapter.Formats.ChatCompletions;
using ApiSvc.AiAdapter.Hub;
using ApiSvc.AiAdapter.Providers;
using ApiSvc.AiAdapter.Routing;
using ApiSvc.AiAdapter.Serving.Providers;
using ApiSvc.AiAdapter.Translation;
using ApiSvc.AiAdapter.VirtualModels;
using ApiSvc.AiAdapter.Wire;
using ApiSvc.ServiceDefaults.Egress;
using ApiSvc.ServiceDefaults.Problems;

namespace ApiSvc.AiAdapter.Connections;

/// <summary>Tries a connection with one tiny call, and says what came.</summary>
internal sealed class ConnectionTest(
    ConfigurationReader reader,
    TargetCompiler compiler,
    CurrentCatalogue catalogue,
    ModelFacts facts,
    ProviderHttp http,
    TimeProvider time
)
{
    // What is longer than any answer to this is no answer to this.
    private const int MostBytes = 1 << 20;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public async Task<Outcome<ConnectionTestDocument>> RunAsync(
        Guid team,
        Guid id,
        ConnectionTestInput input,
        CancellationToken cancellationToken
    )
    {
        var source = (await reader.ReadAsync([team], cancellationToken)).SingleOrDefault();
        if (source?.Connections.GetValueOrDefault(id) is not { } connection)
        {
            return ApiProblem.NotFound;
        }

        if ((input.Model ?? ModelOf(connection)) is not { } model)
        {
            return ApiProblem.Invalid(
                new Violation(
                    "#/model",
                    "required",
                    "The catalogue has no chat model of the provider: name one."
                )
            );
        }

        List<string> problems = [];
        var target = new TargetInput
        {
            ConnectionId = new(id),
            Model = model,
            KeyIds = input.KeyId is { } key ? [key] : [],
        };
        if (compiler.Compile(target, source, problems)?.Target is not { } sound)
        {
            var why = new ConnectionTestFailure("unsound", string.Join(' ', problems));
            return new ConnectionTestDocument(false, model, null, null, why, null, 0, 0, 0);
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        return await AskAsync(sound, sound.Keys[0], limit.Token, cancellationToken);
    }

    private string? ModelOf(ConnectionRow connection) =>
        connection.Provider is { } provider
            ? catalogue
                .Models.Models.FirstOrDefault(m =>
                    m.Kind == ModelKind.Chat && facts.Listed(provider, m.Id) == m
                )
                ?.Id
            : null;

    private async Task<ConnectionTestDocument> AskAsync(
        Target target,
        PoolKey key,
        CancellationToken limit,
        CancellationToken cancellationToken
    )
    {
        var deployment = target.Deployment with { KeyName = key.Name, Credential = key.Credential };
        var began = time.GetTimestamp();
        var result = new ConnectionTestDocument(
            Succeeded: false,
            deployment.Model,
            key.Name,
            Status: null,
            Failure: null,
            AnsweredBy: null,
            InputTokens: 0,
            OutputTokens: 0,
            Milliseconds: 0
        );
        try
        {
            result = await SendAsync(result, deployment, limit);
        }
        catch (Exception e)
            when (e
                    is HttpRequestException
                        or EgressBlockedException
                        or SocketException
                        or IOException
            )
        {
            result = result with { Failure = new("unreachable", e.Message) };
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            result = result with
            {
                Failure = new("timeout", $"No answer within {Patience.TotalSeconds} seconds."),
            };
        }

        return result with
        {
            Milliseconds = (long)time.GetElapsedTime(began).TotalMilliseconds,
        };
    }

    private async Task<ConnectionTestDocument> SendAsync(
        ConnectionTestDocument result,
        Deployment deployment,
        CancellationToken cancellationToken
    )
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(
            new
            {
                model = deployment.Model,
                messages = new[] { new { role = "user", content = "Answer with: OK" } },
                max_completion_tokens = 64,
            }
        );
        var request = ((ReadOutcome.Read)ChatFamily.Inbound.ReadRequest(body)).Request;
        var exchange = new Exchange(ChatFamily.Inbound, request, new(deployment, time.GetUtcNow()));
        if (exchange.Write() is not WriteOutcome.Ready { Request: var call })
        {
            throw new InvalidOperationException("A plain text message suits every provider.");
        }

        using var response = await http.SendAsync(call, cancellationToken);
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        var bytes = await Bounded.ReadAsync(stream, MostBytes, cancellationToken);
        result = result with { Status = (int)response.StatusCode };
        var secret = deployment.Credential.Secret;
        if (!response.IsSuccessStatusCode)
        {
            var failure = exchange.ReadError(
                ProviderHttp.ReplyOf(response, bytes, time.GetUtcNow())
            );
            return result with { Failure = ConnectionTestFailure.Of(failure, secret) };
        }

        using var output = new PooledBuffer(4096);
        var tap = exchange.ReadAnswer(bytes, "test", time.GetUtcNow(), output);
        return result with
        {
            Succeeded = tap.Failed is null,
            Failure = tap.Failed is { } failed ? ConnectionTestFailure.Of(failed, secret) : null,
            AnsweredBy = tap.Model,
            InputTokens = tap.Counted.Input,
            OutputTokens = tap.Counted.Output,
        };
    }
}
