namespace ApiSvc.Gateway.Http1.Wire;

/// <summary>Why a message is not taken.</summary>
internal enum HeadFault
{
    None,

    /// <summary>The request line is none (RFC 9112 section 3).</summary>
    BadRequestLine,

    /// <summary>The method is one that a gateway does not serve: CONNECT.</summary>
    BadMethod,

    /// <summary>The target has a form or bytes that a request of this kind cannot have (RFC 9112 section 3.2).</summary>
    BadTarget,

    TargetTooLong,

    /// <summary>Another version than HTTP/1.0 and HTTP/1.1.</summary>
    BadVersion,

    /// <summary>A line does not end with CRLF, or the head goes on after its end (RFC 9112 section 2.2).</summary>
    BadLine,

    /// <summary>A field's name is no token that a colon follows (RFC 9112 section 5.1).</summary>
    BadFieldName,

    /// <summary>A value has a control character or is folded (RFC 9112 section 5.2).</summary>
    BadFieldValue,

    TooManyLines,

    TooLong,

    /// <summary>Not exactly one Host that names a host (RFC 9112 section 3.2).</summary>
    BadHost,

    /// <summary>The body's length could be read in more than one way (RFC 9112 section 6.3).</summary>
    BadFraming,

    /// <summary>A transfer coding that is not known (RFC 9112 section 6.1).</summary>
    BadCoding,

    /// <summary>An expectation that is not known (RFC 9110 section 10.1.1).</summary>
    BadExpectation,

    /// <summary>The head did not come in time.</summary>
    TooSlow,
}
