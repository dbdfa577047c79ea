using System.Buffers;
using System.Text;
using ApiSvc.Contracts.GatewayConfig.V1;
using ApiSvc.Gateway.Exchanges;
using ApiSvc.Gateway.State;

namespace ApiSvc.Gateway.Policies.PathRewrite;

/// <summary>Gives the upstream another path. Values of parameters go over as they were sent, encoded as they were.</summary>
internal sealed class PathPolicy : IRequestPolicy
{
    private static readonly SearchValues<char> PathCharacters = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()*+,;=:@/%"
    );

    private readonly (ReadOnlyMemory<byte> Text, int Parameter)[] _parts;
    private readonly bool _keepsBasePath;

    private PathPolicy((ReadOnlyMemory<byte>, int)[] parts, bool keepsBasePath)
    {
        _parts = parts;
        _keepsBasePath = keepsBasePath;
    }

    public PolicyStage Stage => PolicyStage.Shaping;

    /// <summary>Null where the settings change nothing.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="parameters">Names of the parameters in the operation's template, in their order.</param>
    /// <exception cref="RefusedResourceException">The template cannot be filled.</exception>
    public static PathPolicy? Of(PathSettings settings, IReadOnlyList<string> parameters)
    {
        if (settings.Template.Length == 0)
        {
            return settings.KeepBasePath ? new([], keepsBasePath: true) : null;
        }

        return new(Parse(settings.Template, parameters), settings.KeepBasePath);
    }

    public ValueTask<Verdict> OnRequestAsync(Exchange exchange)
    {
        var below = exchange.PathBelowBase;
        var length = _keepsBasePath ? exchange.BasePathLength : 0;
        if (_parts.Length == 0)
        {
            length += below.Length;
        }

        foreach (var (text, parameter) in _parts)
        {
            length +=
                text.Length
                + (parameter < 0 ? 0 : exchange.PathValues.Of(parameter, below.Span).Length);
        }

        var path = exchange.Arena.Take(length);
        var rest = path.Span;
        if (_keepsBasePath)
        {
            Put(exchange.Path.Span[..exchange.BasePathLength], ref rest);
        }

        if (_parts.Length == 0)
        {
            Put(below.Span, ref rest);
        }

        foreach (var (text, parameter) in _parts)
        {
            Put(text.Span, ref rest);
            if (parameter >= 0)
            {
                Put(exchange.PathValues.Of(parameter, below.Span), ref rest);
            }
        }

        exchange.UpstreamPath = path;
        return new(Verdict.Continue);
    }

    private static void Put(ReadOnlySpan<byte> bytes, ref Span<byte> rest)
    {
        bytes.CopyTo(rest);
        rest = rest[bytes.Length..];
    }

    private static (ReadOnlyMemory<byte>, int)[] Parse(
        string template,
        IReadOnlyList<string> parameters
    )
    {
        if (template[0] != '/')
        {
            throw new RefusedResourceException("/template", "It must begin with a slash.");
        }

        var parts = new List<(ReadOnlyMemory<byte>, int)>();
        for (var at = 0; at < template.Length; )
        {
            var open = template.IndexOf('{', at);
            var text = template[at..(open < 0 ? template.Length : open)];
            if (text.AsSpan().ContainsAnyExcept(PathCharacters))
            {
                throw new RefusedResourceException(
                    "/template",
                    "It has characters that a path cannot have (RFC 3986 section 3.3)."
                );
            }

            var close = open < 0 ? template.Length - 1 : template.IndexOf('}', open);
            var parameter = -1;
            if (open >= 0)
            {
                var name = close < 0 ? template[open..] : template[(open + 1)..close];
                parameter = parameters.ToList().IndexOf(name);
                if (close < 0 || parameter < 0)
                {
                    throw new RefusedResourceException(
                        "/template",
                        $"The operation's path has no parameter {name}."
                    );
                }
            }

            parts.Add((Encoding.ASCII.GetBytes(text), parameter));
            at = close + 1;
        }

        return [.. parts];
    }
}
