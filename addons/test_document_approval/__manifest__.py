{
    "name": "Test Document Approval",
    "summary": "A small document that joins the approval engine, for tests",
    "version": "19.0.1.0.0",
    "category": "Hidden/Tests",
    "license": "LGPL-3",
    "author": "Order Control Suite maintainers",
    "depends": ["document_approval"],
    "data": [
        "security/ir.model.access.csv",
        "security/test_document_approval_security.xml",
    ],
}
