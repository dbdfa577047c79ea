using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;

namespace ApiSvc.AccessWalk;

/// <summary>Makes the calls, over REST and gRPC.</summary>
internal sealed class WalkCaller(HttpClient http, GrpcChannel channel, WalkScene scene)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public Task<WalkAnswer> CallAsync(WalkStep step, Walker walker) =>
        CallAsync(step, scene.Tokens.GetValueOrDefault(walker), scene.Values, scene.Stir);

    public Task<WalkAnswer> CallAsync(WalkStep step, WalkRoleScene role) =>
        CallAsync(step, role.Token, role.Values, role.Stir);

    private Task<WalkAnswer> CallAsync(
        WalkStep step,
        string? token,
        IReadOnlyDictionary<string, string> values,
        Func<Task> stir
    )
    {
        var body = step.Body is null ? null : WalkStep.Fill(step.Body, values);
        return step.Endpoint.Method is { } method
            ? CallAsync(method, body ?? "{}", token, stir)
            : CallAsync(WalkStep.Fill(step.Name, values), body, token);
    }

    private async Task<WalkAnswer> CallAsync(string name, string? body, string? token)
    {
        var (method, path) = (name.Split(' ')[0], name.Split(' ')[1]);
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (token is not null)
        {
            request.Headers.Authorization = new("Bearer", token);
        }

        if (method != "GET")
        {
            request.Headers.IfMatch.Add(EntityTagHeaderValue.Any);
        }

        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }

        using var response = await http.SendAsync(request);
        return new(
            response.StatusCode switch
            {
                >= HttpStatusCode.OK and < HttpStatusCode.MultipleChoices => WalkOutcome.Done,
                HttpStatusCode.Unauthorized => WalkOutcome.Unauthenticated,
                HttpStatusCode.Forbidden => WalkOutcome.Forbidden,
                HttpStatusCode.NotFound => WalkOutcome.NotFound,
                HttpStatusCode.Conflict or HttpStatusCode.PreconditionFailed => WalkOutcome.NotNow,
                _ => WalkOutcome.Wrong,
            },
            response.StatusCode.ToString("D"),
            await response.Content.ReadAsStringAsync()
        );
    }

    private async Task<WalkAnswer> CallAsync(
        IMethod method,
        string body,
        string? token,
        Func<Task> stir
    )
    {
        // The types are known to the service that serves the method alone.
        var types = method.GetType().GenericTypeArguments;
        var request = Empty(types[0]);
        var call = new Method<IMessage, IMessage>(
            method.Type,
            method.ServiceName,
            method.Name,
            Marshallers.Create<IMessage>(
                m => m.ToByteArray(),
                _ => throw new NotSupportedException()
            ),
            Marshallers.Create<IMessage>(
                m => m.ToByteArray(),
                bytes => Empty(types[1]).Descriptor.Parser.ParseFrom(bytes)
            )
        );
        var options = new CallOptions(
            token is null ? [] : new Metadata { { "authorization", $"Bearer {token}" } },
            DateTime.UtcNow + Patience
        );
        try
        {
            var message = JsonParser.Default.Parse(body, request.Descriptor);
            var answer = await SendAsync(call, message, options, stir);
            return new(WalkOutcome.Done, nameof(StatusCode.OK), answer.ToString()!);
        }
        catch (RpcException e)
        {
            return new(
                e.StatusCode switch
                {
                    StatusCode.Unauthenticated => WalkOutcome.Unauthenticated,
                    StatusCode.PermissionDenied => WalkOutcome.Forbidden,
                    StatusCode.NotFound => WalkOutcome.NotFound,
                    StatusCode.Aborted
                    or StatusCode.FailedPrecondition
                    or StatusCode.AlreadyExists => WalkOutcome.NotNow,
                    _ => WalkOutcome.Wrong,
                },
                e.StatusCode.ToString(),
                e.Status.Detail
            );
        }
    }

    private async Task<IMessage> SendAsync(
        Method<IMessage, IMessage> method,
        IMessage request,
        CallOptions options,
        Func<Task> stir
    )
    {
        var invoker = channel.CreateCallInvoker();
        switch (method.Type)
        {
            case MethodType.Unary:
                return await invoker.AsyncUnaryCall(method, host: null, options, request);
            case MethodType.ServerStreaming:
                using (
                    var call = invoker.AsyncServerStreamingCall(
                        method,
                        host: null,
                        options,
                        request
                    )
                )
                {
                    // Some say something at once, others when there is something new.
                    var first = call.ResponseStream.MoveNext(CancellationToken.None);
                    await call.ResponseHeadersAsync;
                    if (!first.IsCompleted)
                    {
                        await stir();
                    }

                    return await first
                        ? call.ResponseStream.Current
                        : throw new RpcException(
                            new Status(StatusCode.Internal, "It ended at once.")
                        );
                }

            default:
                throw new NotSupportedException(
                    $"{method.FullName}: the walk has no streams of requests."
                );
        }
    }

    private static IMessage Empty(Type type) => (IMessage)Activator.CreateInstance(type)!;
}
