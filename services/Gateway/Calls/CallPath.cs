using System.Runtime.CompilerServices;
using System.Text;
using ApiSvc.Gateway.Exchanges;
using ApiSvc.Gateway.Management;
using ApiSvc.Gateway.Policies;
using ApiSvc.Gateway.Policies.Cors;
using ApiSvc.Gateway.Problems;
using ApiSvc.Gateway.Routing;
using ApiSvc.Gateway.State;
using ApiSvc.Gateway.Upstreams;
using Microsoft.Extensions.Options;

namespace ApiSvc.Gateway.Calls;

/// <summary>The one way of a call, in whichever lane: route, policies, forward, answer.</summary>
internal sealed class CallPath(ManagementRoutes management, IOptions<EdgeOptions> options)
{
    private static readonly byte[] Methods =
        "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS, TRACE"u8.ToArray();

    private readonly long _maxBody = options.Value.MaxRequestBodyBytes;

    /// <summary>Carries a call from its request to the last byte of its answer.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask RunAsync(Exchange exchange)
    {
        var answer = Find(exchange, out var built);
        var stage = PolicyStage.Cors;
        if (answer is null && built is { } target)
        {
            answer = AnswerOf(await exchange.ForwardAsync(target));
        }
        else if (answer is null)
        {
            var asked = exchange.Chain.OnRequestAsync(exchange);
            var refused = asked.IsCompletedSuccessfully ? asked.Result : await asked;
            if (refused is var (refusal, at))
            {
                exchange.Measure.RefusedAt = at;
                (answer, stage) = (refusal, at);
            }
            else
            {
                var upstream = exchange.Upstream ?? exchange.Api!.Upstreams[0];
                var address = upstream.Choice.Pick();
                var outcome = await exchange.ForwardAsync(
                    new(address, TargetOf(exchange, address), upstream, PublicPrefixOf(exchange))
                );
                upstream.Choice.Report(address, ReportOf(outcome, exchange.Status));
                (answer, stage) = (AnswerOf(outcome), PolicyStage.Lifecycle);
            }
        }

        if (answer is not null)
        {
            exchange.Answer = answer;
            exchange.Status = answer.Status;
            exchange.Chain.OnResponse(exchange, stage);
            await exchange.SendAnswerAsync();
        }

        exchange.Chain.OnComplete(exchange);
    }

    // What nobody needs to be known for: whether there is something at this address that takes calls.
    private Answer? Find(Exchange exchange, out ForwardTarget? built)
    {
        built = null;
        if (IsAboutTheGateway(exchange))
        {
            exchange.ResponseHeaders.Set(HeaderName.Allow, Methods);
            return Answer.NoContent;
        }

        if (!exchange.TryNormalize())
        {
            return GatewayProblems.BadTarget;
        }

        if (management.TryMatch(exchange, out var target))
        {
            built = target;
            return target is null ? GatewayProblems.NoApi.Answer : null;
        }

        if (exchange.BodyLength > _maxBody)
        {
            return GatewayProblems.TooLarge;
        }

        if (!exchange.State.IsReady)
        {
            return GatewayProblems.NotReady;
        }

        var routes = exchange.State.Configuration.Routes;
        if (!routes.TryMatch(exchange.Host, exchange.Path.Span, out var match))
        {
            return GatewayProblems.NoApi;
        }

        exchange.BasePathLength = match.BasePathLength;
        if (Choose(match.Candidates, exchange) is not { } api)
        {
            return GatewayProblems.NoVersion;
        }

        exchange.Api = api;
        if (api.Standing is { } standing)
        {
            if (!api.StandingLink.IsEmpty)
            {
                exchange.ResponseHeaders.Set(HeaderName.Link, api.StandingLink.Span);
            }

            return standing;
        }

        return FindOperation(exchange, api);
    }

    // "OPTIONS *" asks what the server itself can do (RFC 9110 section 9.3.7).
    private static bool IsAboutTheGateway(Exchange exchange) =>
        exchange.Target.Span.SequenceEqual("*"u8) && exchange.Method.SequenceEqual("OPTIONS"u8);

    private static ApiState? Choose(ReadOnlySpan<ApiState> candidates, Exchange exchange)
    {
        ApiState? otherwise = null;
        var namesAnother = false;
        foreach (var api in candidates)
        {
            switch (api.Choice.IsNamedBy(exchange))
            {
                case true:
                    return api;
                case false:
                    namesAnother = true;
                    break;
                default:
                    break;
            }

            if (api.Choice.IsDefault || !api.Choice.NamesItself)
            {
                otherwise = api;
            }
        }

        return namesAnother ? null : otherwise;
    }

    private static Answer? FindOperation(Exchange exchange, ApiState api)
    {
        var room = exchange.PathValues.Take(api.Operations.MaxParameters);
        var isPreflight = CorsPolicy.IsPreflight(exchange);
        var method = isPreflight
            ? exchange.RequestHeaders.Get(HeaderName.AccessControlRequestMethod)
            : exchange.Method;
        var below = exchange.PathBelowBase.Span;
        var result = api.Operations.TryMatch(method, below, room, out var match);
        if (isPreflight)
        {
            // The rules of what is asked about; where there are none, it is a call like any other.
            exchange.Operation = match.Operation;
            exchange.Chain = match.Operation?.Chain ?? api.Chain;
            if (exchange.Chain.All is [CorsPolicy, ..])
            {
                return null;
            }

            exchange.Operation = null;
            result = api.Operations.TryMatch(exchange.Method, below, room, out match);
        }

        if (result == OperationResult.Found)
        {
            exchange.Operation = match.Operation;
        }
        else if (api.OnlyOperations)
        {
            if (result == OperationResult.NotFound)
            {
                return GatewayProblems.NoOperation;
            }

            exchange.ResponseHeaders.Set(
                HeaderName.Allow,
                Encoding.ASCII.GetBytes(api.Operations.Allow(match.Methods))
            );
            return GatewayProblems.MethodNotAllowed;
        }

        exchange.Chain = match.Operation?.Chain ?? api.Chain;
        return null;
    }

    // Prefix of the address, path, query: bytes as they came, put together once.
    private static ReadOnlyMemory<byte> TargetOf(Exchange exchange, UpstreamAddressState address)
    {
        var path = exchange.UpstreamPath.IsEmpty ? exchange.PathBelowBase : exchange.UpstreamPath;
        var query = exchange.UpstreamQuery is { } changed ? changed.Span : exchange.Query;
        var prefix = address.PathPrefix.Span;
        if (prefix.IsEmpty && path.IsEmpty)
        {
            prefix = "/"u8;
        }

        var hasQuery = exchange.UpstreamQuery is null ? exchange.HasQuery : query.Length > 0;
        var length = prefix.Length + path.Length + (hasQuery ? query.Length + 1 : 0);
        var target = exchange.Arena.Take(length);
        prefix.CopyTo(target.Span);
        path.Span.CopyTo(target.Span[prefix.Length..]);
        if (hasQuery)
        {
            target.Span[prefix.Length + path.Length] = (byte)'?';
            query.CopyTo(target.Span[(prefix.Length + path.Length + 1)..]);
        }

        return target;
    }

    // An upstream that gets the base path too knows its paths as the client does.
    private static ReadOnlyMemory<byte> PublicPrefixOf(Exchange exchange)
    {
        var basePath = exchange.Path[..exchange.BasePathLength];
        return exchange.UpstreamPath.Span.StartsWith(basePath.Span) ? default : basePath;
    }

    private static UpstreamOutcome ReportOf(ForwardOutcome outcome, int status) =>
        outcome switch
        {
            ForwardOutcome.Answered => status >= 500
                ? UpstreamOutcome.ServerError
                : UpstreamOutcome.Answered,
            ForwardOutcome.Unreachable => UpstreamOutcome.ConnectFailed,
            ForwardOutcome.TimedOut or ForwardOutcome.BrokenOff or ForwardOutcome.BadAnswer =>
                UpstreamOutcome.NoAnswer,
            _ => UpstreamOutcome.Abandoned,
        };

    private static Answer? AnswerOf(ForwardOutcome outcome) =>
        outcome switch
        {
            ForwardOutcome.Unreachable => GatewayProblems.Unreachable.Answer,
            ForwardOutcome.TimedOut => GatewayProblems.TimedOut.Answer,
            ForwardOutcome.BodyTooLarge => GatewayProblems.TooLarge.Answer,
            ForwardOutcome.BodyUnreadable => GatewayProblems.BadBody.Answer,
            ForwardOutcome.BodyTooSlow => GatewayProblems.TooSlow.Answer,
            ForwardOutcome.BadAnswer => GatewayProblems.BadAnswer.Answer,
            ForwardOutcome.Busy => GatewayProblems.UpstreamBusy.Answer,
            _ => null,
        };
}
