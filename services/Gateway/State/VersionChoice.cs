using System.Text;
using ApiSvc.Contracts.GatewayConfig.V1;
using ApiSvc.Gateway.Exchanges;
using ApiSvc.Gateway.Policies;

namespace ApiSvc.Gateway.State;

/// <summary>How a request names the version, where several share a base path.</summary>
internal sealed class VersionChoice
{
    private readonly VersionSelector.Types.Source _source;
    private readonly HeaderName? _header;
    private readonly byte[] _name;
    private readonly byte[] _value;

    public VersionChoice(VersionSelector? selector)
    {
        _source = selector?.Source ?? VersionSelector.Types.Source.Unspecified;
        IsDefault = selector?.IsDefault ?? false;
        _name = Encoding.UTF8.GetBytes(selector?.Name ?? "");
        _value = Encoding.UTF8.GetBytes(selector?.Value ?? "");
        if (!NamesItself)
        {
            return;
        }

        if (!Enum.IsDefined(_source))
        {
            throw new RefusedResourceException("/versionSelector/source", "It is no source.");
        }

        if (_name.Length == 0 || _value.Length == 0)
        {
            throw new RefusedResourceException("/versionSelector", "It needs a name and a value.");
        }

        if (_source == VersionSelector.Types.Source.Header)
        {
            _header = HeaderName.IsToken(selector!.Name)
                ? HeaderName.Of(selector.Name)
                : throw new RefusedResourceException(
                    "/versionSelector/name",
                    "It is no field name."
                );
        }
    }

    /// <summary>Whether it is the version of requests that name none.</summary>
    public bool IsDefault { get; }

    /// <summary>Whether more than the base path is needed to tell that this version is meant.</summary>
    public bool NamesItself =>
        _source
            is not (VersionSelector.Types.Source.Unspecified or VersionSelector.Types.Source.Path);

    /// <summary>What the request says of the version: null if nothing, else whether it names this one.</summary>
    public bool? IsNamedBy(Exchange exchange) =>
        _source switch
        {
            VersionSelector.Types.Source.Header => exchange.RequestHeaders.Has(_header!)
                ? exchange.RequestHeaders.Get(_header!).SequenceEqual(_value)
                : null,
            VersionSelector.Types.Source.Query => QueryText.TryFind(
                exchange.Query,
                _name,
                out var place
            )
                ? exchange.Query[place].SequenceEqual(_value)
                : null,
            VersionSelector.Types.Source.MediaType => InMediaTypes(exchange),
            _ => null,
        };

    // application/json;v=2 in Accept; any of those listed counts.
    private bool? InMediaTypes(Exchange exchange)
    {
        bool? named = null;
        var fields = exchange.RequestHeaders;
        for (var line = 0; line < fields.Count(HeaderName.Accept); line++)
        {
            var value = fields.Get(HeaderName.Accept, line);
            foreach (var part in value.SplitAny(";,"u8))
            {
                var parameter = value[part].Trim((byte)' ');
                var equals = parameter.IndexOf((byte)'=');
                if (equals > 0 && Ascii.EqualsIgnoreCase(parameter[..equals], _name))
                {
                    named =
                        named == true
                        || parameter[(equals + 1)..].Trim((byte)'"').SequenceEqual(_value);
                }
            }
        }

        return named;
    }
}
