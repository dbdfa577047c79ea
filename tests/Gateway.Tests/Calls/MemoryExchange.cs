using System.Buffers;
using System.Text;
using ApiSvc.Gateway.Exchanges;
using ApiSvc.Gateway.Problems;
using ApiSvc.Gateway.State;

namespace ApiSvc.Gateway.Tests.Calls;

/// <summary>An exchange without a server.</summary>
internal sealed class MemoryExchange : Exchange
{
    private readonly byte[] _method;
    private readonly byte[] _target;
    private readonly Call _call;
    private readonly MemoryHeaders _request;
    private readonly MemoryHeaders _response = new();
    private Seen? _seen;
    private string _body = "";

    public MemoryExchange(Call call, GatewayState state, DateTimeOffset now)
    {
        _call = call;
        _method = Encoding.Latin1.GetBytes(call.Method);
        _target = Encoding.Latin1.GetBytes(call.Target);
        _request = new(call.Headers);
        Begin(state, now, call.Client);
    }

    public override ReadOnlySpan<byte> Method => _method;

    public override ReadOnlySpan<byte> Host => "localhost"u8;

    public override ReadOnlyMemory<byte> Target => _target;

    public override bool IsSecure => false;

    public override long? BodyLength => 0;

    public override HeaderFields RequestHeaders => _request;

    public override HeaderFields ResponseHeaders => _response;

    public override int Status { get; set; } = 200;

    public override string Id => _call.Id;

    public override ValueTask<ForwardOutcome> ForwardAsync(ForwardTarget target)
    {
        _seen = new(
            _call.Method,
            Encoding.Latin1.GetString(target.PathAndQuery.Span),
            _request.ToLookup()
        );
        Status = _call.UpstreamStatus;
        foreach (var (name, value) in _call.UpstreamHeaders)
        {
            _response.Add(HeaderName.Of(name), Encoding.Latin1.GetBytes(value));
        }

        OnUpstreamHead(target);
        return new(ForwardOutcome.Answered);
    }

    public override ValueTask SendAnswerAsync()
    {
        if (Answer!.Problem is { } problem)
        {
            var output = new ArrayBufferWriter<byte>();
            ProblemJson.Write(problem, Id, output);
            _body = Encoding.UTF8.GetString(output.WrittenSpan);
        }

        return default;
    }

    public Reply ToReply() => new(Status, _response.ToLookup(), _body, _seen);
}

/// <summary>Fields as a list of lines.</summary>
internal sealed class MemoryHeaders(IEnumerable<(string Name, string Value)>? lines = null)
    : HeaderFields
{
    private readonly List<(string Name, byte[] Value)> _lines =
    [
        .. (lines ?? []).Select(l => (l.Name, Encoding.Latin1.GetBytes(l.Value))),
    ];

    public override int Count(HeaderName name) => _lines.Count(l => name.Is(l.Name));

    public override ReadOnlySpan<byte> Get(HeaderName name, int line = 0) =>
        _lines.Where(l => name.Is(l.Name)).Skip(line).FirstOrDefault().Value;

    public override void Set(HeaderName name, ReadOnlySpan<byte> value)
    {
        Remove(name);
        Add(name, value);
    }

    public override void Add(HeaderName name, ReadOnlySpan<byte> value) =>
        _lines.Add((name.Text, value.ToArray()));

    public override void Remove(HeaderName name) => _lines.RemoveAll(l => name.Is(l.Name));

    public ILookup<string, string> ToLookup() =>
        _lines.ToLookup(
            l => l.Name,
            l => Encoding.Latin1.GetString(l.Value),
            StringComparer.OrdinalIgnoreCase
        );
}
