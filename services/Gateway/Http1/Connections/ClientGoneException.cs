namespace ApiSvc.Gateway.Http1.Connections;

/// <summary>The client does not take what is sent to it any more.</summary>
internal sealed class ClientGoneException : Exception
{
    public ClientGoneException() { }

    public ClientGoneException(string message)
        : base(message) { }

    public ClientGoneException(string message, Exception innerException)
        : base(message, innerException) { }
}
