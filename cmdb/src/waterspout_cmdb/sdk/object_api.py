"""The CMDB's API for models, which it calls objects."""

from __future__ import absolute_import, division, print_function

import waterspout

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Dict, Iterable, Mapping, Optional  # noqa: F401

    from tornado.concurrent import Future  # noqa: F401

_OBJECT = "/object/{object_id}"


class ObjectAPI(waterspout.BaseSDK):
    """Reads and writes models, their attributes and their unique indexes; see `CMDBSDK`."""

    def object_api_create_object(self, payload):
        # type: (Mapping) -> Future[Dict]
        """Create a model: ``payload`` has ``objectId``, ``name``, ``attrList``, ...; ``data`` is
        the model. A retry after success fails: the model exists."""
        return self.fetch_async("POST", "/object", json=payload)

    def object_api_get_object(self, object_id):
        # type: (str) -> Future[Dict]
        """Return a model: ``data`` is the model with its attributes, indexes and relations."""
        return self._object("GET", "", object_id)

    def object_api_update_object(self, object_id, payload):
        # type: (str, Mapping) -> Future[Dict]
        """Change properties of a model, such as ``name``; ``data`` is the model."""
        return self._object("PUT", "", object_id, json=payload)

    def object_api_list_object(self, page=None, page_size=None):
        # type: (Optional[int], Optional[int]) -> Future[Dict]
        """Return one page of models in ``data``."""
        return self.fetch_async("GET", "/object", params={"page": page, "page_size": page_size})

    def object_api_list_object_all(self, object_ids=None):
        # type: (Optional[Iterable[str]]) -> Future[Dict]
        """Return models as a list in ``data``: those named in ``object_ids``, or all."""
        params = {"objectIds": ",".join(object_ids)} if object_ids else None
        return self.fetch_async("GET", "/object_all", params=params)

    def object_api_create_attribute(self, object_id, payload):
        # type: (str, Mapping) -> Future[Dict]
        """Add an attribute to a model.

        Args:
            payload: has ``id``, ``name`` and ``value``.
        Returns: ``data`` is the attribute.
        """
        return self._object("POST", "/attr", object_id, json=payload)

    def object_api_get_attribute(self, object_id, attribute_id):
        # type: (str, str) -> Future[Dict]
        """Return one attribute of a model in ``data``."""
        return self._attribute("GET", object_id, attribute_id)

    def object_api_update_attribute(self, object_id, attribute_id, payload):
        # type: (str, str, Mapping) -> Future[Dict]
        """Change the properties in ``payload`` of an attribute; ``data`` is the attribute."""
        return self._attribute("PUT", object_id, attribute_id, json=payload)

    def object_api_delete_attribute(self, object_id, attribute_id):
        # type: (str, str) -> Future[Dict]
        """Delete an attribute and its values; ``data`` is the deleted attribute."""
        return self._attribute("DELETE", object_id, attribute_id)

    def object_api_create_index(self, object_id, payload):
        # type: (str, Mapping) -> Future[Dict]
        """Add an index to a model.

        Args:
            payload: has ``propertyIds`` and ``unique``.
        Returns: ``data`` is ``{"indexName": ...}``.
        """
        return self._object("POST", "/index", object_id, json=payload)

    def object_api_delete_index(self, object_id, index_name):
        # type: (str, str) -> Future[Dict]
        """Delete an index of a model."""
        return self._object(
            "DELETE", "/index/{index_name}", object_id, {"index_name": index_name}
        )

    def _object(self, method, tail, object_id, path=None, **kwargs):
        path = dict(path or {}, object_id=object_id)
        return self.fetch_async(method, _OBJECT + tail, path=path, **kwargs)

    def _attribute(self, method, object_id, attribute_id, **kwargs):
        path = {"attribute_id": attribute_id}
        return self._object(method, "/attr/{attribute_id}", object_id, path, **kwargs)
