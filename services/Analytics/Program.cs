using ApiSvc.ServiceDefaults.Commands;
using ApiSvc.ServiceDefaults.Data;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddServiceDatabase("analyticsdb");

var app = builder.Build();
app.MapDefaultEndpoints();
return await app.RunServiceAsync(args);
