namespace Grpc.AspNetCore.ClientFactory;

/// <summary>How a server call's context flows to client calls.</summary>
public class GrpcContextPropagationOptions
{
    /// <summary>Whether a client call outside of a server call is made as it is, instead of failing.</summary>
    public bool SuppressContextNotFoundErrors { get; set; }
}
