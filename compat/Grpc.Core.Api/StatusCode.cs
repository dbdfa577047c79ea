namespace Grpc.Core;

/// <summary>The outcome of a call, by the numbers of the gRPC protocol.</summary>
public enum StatusCode
{
    /// <summary>The call succeeded.</summary>
    OK = 0,

    /// <summary>The call was cancelled, usually by its caller.</summary>
    Cancelled = 1,

    /// <summary>An error with no better code, such as an exception in a service.</summary>
    Unknown = 2,

    /// <summary>An argument is wrong, whatever the state of the system.</summary>
    InvalidArgument = 3,

    /// <summary>The deadline passed before the call was over.</summary>
    DeadlineExceeded = 4,

    /// <summary>What was asked for does not exist.</summary>
    NotFound = 5,

    /// <summary>What was to be created exists.</summary>
    AlreadyExists = 6,

    /// <summary>The caller is known and may not do this.</summary>
    PermissionDenied = 7,

    /// <summary>A quota, or a limit such as the size of a message.</summary>
    ResourceExhausted = 8,

    /// <summary>The system is not in the state that the call needs.</summary>
    FailedPrecondition = 9,

    /// <summary>The call lost against a concurrent one; retry it from further up.</summary>
    Aborted = 10,

    /// <summary>A position past the valid range.</summary>
    OutOfRange = 11,

    /// <summary>The method, or something that the message asks for, is not implemented.</summary>
    Unimplemented = 12,

    /// <summary>Something that must hold does not.</summary>
    Internal = 13,

    /// <summary>The service cannot be reached now; retry with a pause.</summary>
    Unavailable = 14,

    /// <summary>Data are lost or broken for good.</summary>
    DataLoss = 15,

    /// <summary>The caller is not known: no valid credentials.</summary>
    Unauthenticated = 16,
}
