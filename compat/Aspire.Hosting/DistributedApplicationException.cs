namespace Aspire.Hosting;

/// <summary>The application cannot do what it is told; the message says why.</summary>
public class DistributedApplicationException : Exception
{
    /// <summary>Without a message.</summary>
    public DistributedApplicationException() { }

    /// <summary>With a message.</summary>
    public DistributedApplicationException(string message)
        : base(message) { }

    /// <summary>With a message and what led to it.</summary>
    public DistributedApplicationException(string message, Exception inner)
        : base(message, inner) { }
}
