using System.Collections.Concurrent;
using ApiSvc.Interop.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;

namespace ApiSvc.Interop.Server;

/// <summary>What the service remembers between calls.</summary>
internal sealed class ProbeState
{
    public ConcurrentDictionary<string, Observation> Observed { get; } = [];

    public ConcurrentDictionary<string, bool> Serving { get; } = [];
}

/// <summary>The probe, as the peers serve it too.</summary>
internal sealed class ProbeService(ProbeState state) : Probe.ProbeBase
{
    public override async Task<Parcel> Echo(Parcel request, ServerCallContext context)
    {
        if (context.RequestHeaders.Get("x-gzip") is null)
        {
            context.WriteOptions = new(WriteFlags.NoCompress);
        }

        await context.WriteResponseHeadersAsync(Mirror(context, "x-head"));
        CopyTrailers(context);
        return request.ReplySize == 0
            ? request
            : new()
            {
                Text = request.Text,
                Number = request.Number,
                Payload = UnsafeByteOperations.UnsafeWrap(new byte[request.ReplySize]),
            };
    }

    public override async Task<Totals> Sum(
        IAsyncStreamReader<Parcel> requestStream,
        ServerCallContext context
    )
    {
        var totals = new Totals();
        await foreach (var parcel in requestStream.ReadAllAsync(context.CancellationToken))
        {
            totals.Messages++;
            totals.Bytes += parcel.Payload.Length;
            totals.Texts += parcel.Text;
        }

        return totals;
    }

    public override async Task Count(
        CountRequest request,
        IServerStreamWriter<Parcel> responseStream,
        ServerCallContext context
    )
    {
        var payload = UnsafeByteOperations.UnsafeWrap(new byte[request.Size]);
        for (var number = 1; number <= request.Messages; number++)
        {
            await responseStream.WriteAsync(new() { Number = number, Payload = payload });
        }
    }

    public override async Task Chat(
        IAsyncStreamReader<Parcel> requestStream,
        IServerStreamWriter<Parcel> responseStream,
        ServerCallContext context
    )
    {
        await foreach (var parcel in requestStream.ReadAllAsync(context.CancellationToken))
        {
            if (parcel.Number == -1)
            {
                throw new RpcException(new(StatusCode.Cancelled, "stopped by the server"));
            }

            await responseStream.WriteAsync(parcel);
        }
    }

    public override Task<Parcel> Fail(FailRequest request, ServerCallContext context)
    {
        if (request.Code != 0)
        {
            throw Failure(request, context);
        }

        CopyTrailers(context);
        return Task.FromResult(new Parcel());
    }

    public override async Task FailAfter(
        FailRequest request,
        IServerStreamWriter<Parcel> responseStream,
        ServerCallContext context
    )
    {
        for (var number = 1; number <= request.After; number++)
        {
            await responseStream.WriteAsync(new() { Number = number });
        }

        throw Failure(request, context);
    }

    public override async Task Hold(
        HoldKey request,
        IServerStreamWriter<Parcel> responseStream,
        ServerCallContext context
    )
    {
        var left =
            context.Deadline == DateTime.MaxValue
                ? 0
                : Math.Max(1, (int)(context.Deadline - DateTime.UtcNow).TotalMilliseconds);
        state.Observed[request.Key] = new() { Started = true, TimeoutMs = left };
        try
        {
            await responseStream.WriteAsync(new() { Text = "held" });
            await Task.Delay(Timeout.Infinite, context.CancellationToken);
        }
        finally
        {
            state.Observed[request.Key] = new()
            {
                Started = true,
                TimeoutMs = left,
                Ended = context.CancellationToken.IsCancellationRequested,
            };
        }
    }

    public override Task<Observation> Observe(HoldKey request, ServerCallContext context) =>
        Task.FromResult(state.Observed.GetValueOrDefault(request.Key) ?? new());

    public override Task<Parcel> SetHealth(V1.Health request, ServerCallContext context)
    {
        state.Serving[request.Service] = request.Serving;
        return Task.FromResult(new Parcel());
    }

    private static Metadata Mirror(ServerCallContext context, string prefix)
    {
        var mirrored = new Metadata();
        foreach (var entry in context.RequestHeaders)
        {
            if (entry.Key.StartsWith(prefix, StringComparison.Ordinal))
            {
                mirrored.Add(entry);
            }
        }

        return mirrored;
    }

    private static void CopyTrailers(ServerCallContext context)
    {
        foreach (var entry in Mirror(context, "x-tail"))
        {
            context.ResponseTrailers.Add(entry);
        }
    }

    private static RpcException Failure(FailRequest request, ServerCallContext context)
    {
        if (!request.Details)
        {
            return new(new((StatusCode)request.Code, request.Message), Mirror(context, "x-tail"));
        }

        var violations = new BadRequest
        {
            FieldViolations =
            {
                new BadRequest.Types.FieldViolation
                {
                    Field = "name",
                    Description = "Give a name.",
                },
                new BadRequest.Types.FieldViolation { Field = "größe", Description = "1 to 100." },
            },
        };
        return new Google.Rpc.Status
        {
            Code = request.Code,
            Message = request.Message,
            Details = { Any.Pack(violations) },
        }.ToRpcException();
    }
}
