// Calls a tool that its manifest does not name.
return await callTool('secret:read', { text: '' });
