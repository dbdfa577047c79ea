using ApiSvc.Gateway.Routing;

namespace ApiSvc.Gateway.Exchanges;

/// <summary>Where the parameters of the operation's path template are in the path below the base path.</summary>
internal sealed class PathValues
{
    private PathParameter[] _places = new PathParameter[8];

    /// <summary>The value's bytes, as they are in the path.</summary>
    public ReadOnlySpan<byte> Of(int index, ReadOnlySpan<byte> pathBelowBase) =>
        pathBelowBase.Slice(_places[index].Start, _places[index].Length);

    /// <summary>Room for matching; what was in it before is gone.</summary>
    public Span<PathParameter> Take(int count)
    {
        if (_places.Length < count)
        {
            _places = new PathParameter[count];
        }

        return _places;
    }
}
