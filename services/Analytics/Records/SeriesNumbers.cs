using System.Runtime.CompilerServices;

namespace ApiSvc.Analytics.Records;

/// <summary>The number of a call's series in each family of rollups; 0 until it has one.</summary>
[InlineArray(Families)]
internal struct SeriesNumbers
{
    private const int Families = 4;

    private int _first;
}
