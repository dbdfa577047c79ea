namespace ApiSvc.Compat.Tests.Api.Samples;

#pragma warning disable CA1003, CA1008, CA1028, CA1034, CA1043, CA1051, CA1063, CA1711, CA1720, CA1815, CA1816, CA1848, CA2211, CA5392, MA0016, MA0046, MA0099, S1104, RCS1163, RCS1213, CS0067 // shapes to render, not code to follow

public class Sample<T> : List<T>, IDisposable
    where T : class, new()
{
    public const int Limit = 3;
    public static readonly string? Name;

    public Sample(int size = 5, string? name = null)
    {
        Capacity = size;
        _ = name;
    }

    public event EventHandler<string>? Changed;

    public T? Last { get; protected set; }

    public required IReadOnlyList<string?>? Names { get; init; }

    public int? this[string key] => key.Length;

    public void Dispose() => GC.SuppressFinalize(this);

    public bool TryGet(in DateTimeOffset at, out T? value, params int[] more)
    {
        value = Last;
        return more.Length > at.Day;
    }

    public override string ToString() => "sample";

    internal void Hidden() => Changed?.Invoke(this, "hidden");

    protected virtual Task<TResult?> FindAsync<TResult>(
        Func<T, TResult?> select,
        CancellationToken cancellationToken = default
    )
        where TResult : notnull => Task.FromResult(select(this[0]));

    public readonly struct Position;
}

public enum Level : byte
{
    Low = 0,
    High = 7,
}

public delegate (int Count, string? Unit) Measure(Dictionary<string, int?> values);

public static class SampleExtensions
{
    public static Sample<T> Twice<T>(this Sample<T> sample, Level level = Level.High)
        where T : class, new() => level == Level.Low ? new() { Names = [] } : sample;
}

public sealed record Point(int X)
{
    public static bool operator <(Point left, Point right) => left.X < right.X;

    public static bool operator >(Point left, Point right) => left.X > right.X;
}
