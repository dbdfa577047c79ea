using System.Globalization;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;

namespace ApiSvc.GrpcTests.Services;

/// <summary>Does what the text of a request says.</summary>
[AllowAnonymous]
internal sealed class ProbeService(ProbeJournal journal) : Probe.ProbeBase, IDisposable
{
    public void Dispose() => journal.Write("disposed");

    [ProbeMark]
    public override async Task<ProbeReply> Unary(ProbeRequest request, ServerCallContext context)
    {
        journal.Write("unary");
        switch (request.Text)
        {
            case "wait":
                await WaitAsync(context);
                break;
            case "ignore-cancellation":
                await journal.WaitForAsync("go-on");
                journal.Write("went-on");
                break;
            case "throw":
                throw new InvalidOperationException("secret detail");
            case "null":
                return null!;
            case "status":
                context.Status = new Status((StatusCode)request.Count, "häufig % \n gewählt");
                break;
            case "fail":
                throw new RpcException(
                    new Status((StatusCode)request.Count, "détail – ☃ 100%"),
                    new Metadata { { "reason", "because" }, { "blob-bin", [0, 1, 254, 255] } }
                );
            case "metadata":
                await EchoMetadataAsync(context);
                break;
            case "deadline":
                return new ProbeReply
                {
                    Text = context.Deadline.ToString("O", CultureInfo.InvariantCulture),
                };
            case "big":
                return new ProbeReply { Payload = ByteString.CopyFrom(new byte[request.Count]) };
            case "encoding":
                return new ProbeReply
                {
                    Text = context.GetHttpContext().Request.Headers["grpc-encoding"].ToString(),
                    Payload = request.Payload,
                };
            case "peer":
                return new ProbeReply { Text = $"{context.Peer}|{context.Host}|{context.Method}" };
        }

        return new ProbeReply
        {
            Text = request.Text,
            Count = request.Count,
            Payload = request.Payload,
        };
    }

    public override async Task<ProbeReply> Collect(
        IAsyncStreamReader<ProbeRequest> requestStream,
        ServerCallContext context
    )
    {
        var texts = new List<string>();
        await foreach (var request in requestStream.ReadAllAsync())
        {
            if (request.Text == "stop")
            {
                throw new RpcException(new Status(StatusCode.Aborted, "enough"));
            }

            texts.Add(request.Text);
            journal.Write($"read {request.Text}");
        }

        return new ProbeReply { Text = string.Join(',', texts), Count = texts.Count };
    }

    public override async Task Expand(
        ProbeRequest request,
        IServerStreamWriter<ProbeReply> responseStream,
        ServerCallContext context
    )
    {
        for (var i = 0; i < request.Count; i++)
        {
            await responseStream.WriteAsync(
                new ProbeReply { Count = i, Payload = request.Payload }
            );
        }

        switch (request.Text)
        {
            case "wait":
                await WaitAsync(context);
                break;
            case "fail":
                context.ResponseTrailers.Add("after", "messages");
                throw new RpcException(new Status(StatusCode.DataLoss, "halfway"));
            case "hint":
                responseStream.WriteOptions = new WriteOptions(WriteFlags.BufferHint);
                await responseStream.WriteAsync(new ProbeReply { Text = "buffered" });
                break;
        }
    }

    public override async Task Chat(
        IAsyncStreamReader<ProbeRequest> requestStream,
        IServerStreamWriter<ProbeReply> responseStream,
        ServerCallContext context
    )
    {
        try
        {
            while (await requestStream.MoveNext())
            {
                await responseStream.WriteAsync(
                    new ProbeReply { Text = requestStream.Current.Text }
                );
            }
        }
        catch
        {
            journal.Write("chat broken");
            throw;
        }
    }

    private static async Task EchoMetadataAsync(ServerCallContext context)
    {
        var headers = new Metadata();
        foreach (
            var entry in context.RequestHeaders.Where(entry =>
                entry.Key.StartsWith("probe-", StringComparison.Ordinal)
            )
        )
        {
            if (entry.IsBinary)
            {
                headers.Add(entry.Key, entry.ValueBytes);
                context.ResponseTrailers.Add("trailing-" + entry.Key, entry.ValueBytes);
            }
            else
            {
                headers.Add(entry.Key, entry.Value);
                context.ResponseTrailers.Add("trailing-" + entry.Key, entry.Value);
            }
        }

        await context.WriteResponseHeadersAsync(headers);
    }

    private async Task WaitAsync(ServerCallContext context)
    {
        journal.Write("waiting");
        try
        {
            await Task.Delay(Timeout.Infinite, context.CancellationToken);
        }
        finally
        {
            journal.Write("cancelled");
        }
    }
}

/// <summary>An attribute that must appear on the method's endpoint.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ProbeMarkAttribute : Attribute;
