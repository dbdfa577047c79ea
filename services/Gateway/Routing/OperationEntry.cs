using System.Runtime.InteropServices;

namespace ApiSvc.Gateway.Routing;

/// <summary>An operation of a version of an API.</summary>
/// <param name="Method">Upper case.</param>
/// <param name="PathTemplate">Below the base path, by OpenAPI 3.1 section 4.8.8.2.</param>
internal sealed record OperationEntry<TOperation>(
    string Method,
    string PathTemplate,
    TOperation Operation
);

/// <summary>An operation that no request can reach, and why, for whoever publishes it.</summary>
internal sealed record UnreachableOperation(string Method, string PathTemplate, string Reason);

/// <summary>The bytes of the path below the base path that a parameter of the template stands for, still encoded.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct PathParameter(int Start, int Length);

/// <summary>How matching ended.</summary>
internal enum OperationResult
{
    /// <summary>No template fits the path.</summary>
    NotFound,

    /// <summary>Templates fit, none of them with this method.</summary>
    MethodNotAllowed,

    Found,
}

/// <summary>What a request asks of an API.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly struct OperationMatch<TOperation>
{
    /// <summary>Set where one was found.</summary>
    public TOperation? Operation { get; init; }

    /// <summary>Names of the template's parameters, in the order of the values.</summary>
    public ReadOnlyMemory<string> ParameterNames { get; init; }

    /// <summary>The methods that the path has, for <see cref="OperationTable{TOperation}.Allow"/>.</summary>
    public ulong Methods { get; init; }
}
