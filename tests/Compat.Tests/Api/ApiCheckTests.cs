using ApiSvc.Compat.Tests.Api.Samples;

namespace ApiSvc.Compat.Tests.Api;

/// <summary>A few types of every shape, with the lines they should have.</summary>
public sealed class ApiCheckTests
{
    private const string Text = """
        # a comment
        public class ApiSvc.Compat.Tests.Api.Samples.Sample<T> : List<T>, IDisposable where T : class, new()
            public const int Limit = 3
            public static readonly string? Name
            public Sample(int size = 5, string? name = null)
            public T? Last { get; protected set; }
            public required IReadOnlyList<string?>? Names { get; init; }
            public int? this[string key] { get; }
            protected virtual Task<TResult?> FindAsync<TResult>(Func<T, TResult?> select, CancellationToken cancellationToken = default) where TResult : notnull
            public bool TryGet(in DateTimeOffset at, out T? value, params int[] more)
            public void Dispose()
            public override string ToString()
            public event EventHandler<string>? Changed
        public readonly struct ApiSvc.Compat.Tests.Api.Samples.Sample<T>.Position

        public enum ApiSvc.Compat.Tests.Api.Samples.Level : byte
            Low = 0
            High = 7
        public delegate (int, string?) ApiSvc.Compat.Tests.Api.Samples.Measure(Dictionary<string, int?> values)
        public static class ApiSvc.Compat.Tests.Api.Samples.SampleExtensions
            public static Sample<T> Twice<T>(this Sample<T> sample, Level level = Level.High) where T : class, new()
        public sealed class ApiSvc.Compat.Tests.Api.Samples.Point : IEquatable<Point>
            public Point(int X)
            public int X { get; init; }
            public static bool operator <(Point left, Point right)
            public static bool operator >(Point left, Point right)
            public void OnlyThePackageHasThis()
        """;

    [Fact]
    public void Missing_AllLinesRight_IsEmpty() => Missing(Text).ShouldBeEmpty();

    [Theory]
    [InlineData("size = 5", "size = 4")]
    [InlineData("Limit = 3", "Limit = 4")]
    [InlineData("High = 7", "High = 6")]
    [InlineData("string? Name", "string Name")]
    [InlineData("T? Last", "T Last")]
    [InlineData("protected set", "set")]
    [InlineData("int X { get; init; }", "int X { get; set; }")]
    [InlineData("required ", "")]
    [InlineData("IReadOnlyList<string?>?", "IReadOnlyList<string>?")]
    [InlineData("int? this", "int this")]
    [InlineData("protected virtual", "public virtual")]
    [InlineData("out T? value", "out T value")]
    [InlineData("params int[] more", "int[] more")]
    [InlineData(": notnull", ": struct")]
    [InlineData("this Sample", "Sample")]
    [InlineData("Level.High)", "Level.Low)")]
    [InlineData(", IDisposable", "")]
    [InlineData(
        "Twice<T>(this Sample<T> sample, Level level = Level.High) where T : class, new()",
        "Twice<T>(this Sample<T> sample, Level level = Level.High) where T : class"
    )]
    [InlineData("public readonly struct", "public struct")]
    [InlineData("Level : byte", "Level")]
    [InlineData("(int, string?)", "(int, string)")]
    public void Missing_OneThingWrong_NamesTheLine(string right, string wrong) =>
        Missing(Text.Replace(right, wrong, StringComparison.Ordinal))
            .ShouldContain(line => line.Contains(right, StringComparison.Ordinal));

    [Fact]
    public void Parse_MemberBeforeAnyType_Throws() =>
        Should.Throw<FormatException>(() => ApiText.Parse(["    public void A()"]));

    private static IReadOnlyList<string> Missing(string text) =>
        ApiCheck.Missing(
            new[]
            {
                typeof(Sample<>),
                typeof(Sample<>.Position),
                typeof(Level),
                typeof(Measure),
                typeof(SampleExtensions),
                typeof(Point),
            }.Select(ApiRenderer.Render),
            ApiText.Parse(text.Split('\n'))
        );
}
