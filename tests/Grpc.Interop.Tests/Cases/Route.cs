namespace ApiSvc.Interop.Cases;

/// <summary>A column of the matrix: who calls whom.</summary>
internal sealed record Route(string Client, string Server)
{
    public static IReadOnlyList<Route> All { get; } =
    [
        new("grpc-js", "ours"),
        new("ours", "grpc-js"),
        new("grpcio", "ours"),
        new("ours", "grpcio"),
        new("ours", "ours"),
        // That the other two pass shows that the cases ask for no more than gRPC promises.
        new("grpc-js", "grpcio"),
        new("grpcio", "grpc-js"),
    ];

    public override string ToString() => $"{Client} → {Server}";
}
